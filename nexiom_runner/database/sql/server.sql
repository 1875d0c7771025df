-- One row: the server's version, the database and role of this session, and what tells it from a clone.
select
    current_setting('server_version') as version,
    current_setting('server_version_num')::integer as version_num,
    current_database() as database,
    (select oid::bigint from pg_catalog.pg_database where datname = current_database()) as database_oid,
    current_user as role,
    current_setting('is_superuser')::boolean as superuser,
    pg_catalog.pg_is_in_recovery() as in_recovery,
    case
        when pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
        then (select system_identifier::text from pg_catalog.pg_control_system())
    end as system_identifier
