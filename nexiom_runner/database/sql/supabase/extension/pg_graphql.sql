-- Nothing; a stand-in for pg_graphql: the function is there, and every query is answered with an error.
create function graphql.resolve(
    query text, variables jsonb default '{}', "operationName" text default null, extensions jsonb default null
) returns jsonb language sql as $$
    select '{"data": null, "errors": [{"message": "this stand-in for pg_graphql answers no query"}]}'::jsonb
$$;
comment on function graphql.resolve is 'Stand-in: answers every query with an error.';
grant execute on function graphql.resolve to postgres, anon, authenticated, service_role;
