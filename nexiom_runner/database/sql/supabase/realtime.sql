-- Nothing; makes what of realtime phases refer to: the publication, and messages for policies. Sent whole.
create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;

create table realtime.messages (
    topic text not null,
    extension text not null,
    payload jsonb,
    event text,
    private boolean default false,
    updated_at timestamp not null default now(),
    inserted_at timestamp not null default now(),
    id uuid not null default gen_random_uuid(),
    primary key (id, inserted_at)
);
comment on table realtime.messages is 'Stand-in: records what realtime.send() was called with, and sends nothing.';

create function realtime.topic() returns text language sql stable as $$
    select nullif(current_setting('realtime.topic', true), '')
$$;
create function realtime.send(payload jsonb, event text, topic text, private boolean default true)
    returns void language plpgsql as $$
begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (payload, event, topic, private, extension)
    values (payload, event, topic, private, 'broadcast');
exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end
$$;
comment on function realtime.send is 'Stand-in: records the message in realtime.messages, and sends nothing.';

alter function realtime.topic() owner to supabase_realtime_admin;
alter function realtime.send(jsonb, text, text, boolean) owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
alter table realtime.messages owner to postgres;
set role postgres;
grant all on realtime.messages to supabase_realtime_admin with grant option;
set role supabase_realtime_admin;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
reset role;

create function graphql_public.graphql(
    "operationName" text default null, query text default null, variables jsonb default null, extensions jsonb default null
) returns jsonb language plpgsql as $$
begin
    return jsonb_build_object('errors', jsonb_build_array(jsonb_build_object('message', 'pg_graphql extension is not enabled.')));
end
$$;
