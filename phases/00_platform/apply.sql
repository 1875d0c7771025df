-- The three roles of the API, where the platform has not made them, and their way into the schema.
-- What is present is left as it is. Where this role may not create one, nothing is kept and the
-- error names the statements an administrator must run.
do $platform$
declare
  v_role record;
  v_statements text := '';
begin
  for v_role in
    select wanted.name, wanted.options
    from (values
      ('anon', 'nologin noinherit'),
      ('authenticated', 'nologin noinherit'),
      ('service_role', 'nologin noinherit bypassrls')
    ) as wanted (name, options)
    where not exists (select from pg_catalog.pg_roles as present where present.rolname = wanted.name)
    order by wanted.name
  loop
    begin
      execute pg_catalog.format('create role %I %s', v_role.name, v_role.options);
      execute pg_catalog.format('grant %I to current_user', v_role.name);
    exception
      when duplicate_object or unique_violation then
        null;  -- roles belong to the whole server: another database made it a moment ago
      when insufficient_privilege then
        v_statements := v_statements || pg_catalog.format(
          ' create role %I %s; grant %I to %I;', v_role.name, v_role.options, v_role.name, current_user);
    end;
  end loop;

  if v_statements <> '' then
    raise exception 'role "%" may not create the roles of the API', current_user
      using errcode = 'insufficient_privilege',
            detail = 'Only an administrator may create a role, and on PostgreSQL 15 and older only a'
                     ' superuser one with BYPASSRLS.',
            hint = 'An administrator must run:' || v_statements;
  end if;

  for v_role in
    select api.name
    from (values ('anon'), ('authenticated'), ('service_role')) as api (name)
    where not pg_catalog.has_schema_privilege(api.name, 'public', 'usage')
  loop
    execute pg_catalog.format('grant usage on schema public to %I', v_role.name);
  end loop;
end
$platform$;
