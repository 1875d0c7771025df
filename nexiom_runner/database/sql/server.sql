-- One row: the server's version, the database and role of this session, and what tells it from a clone.
select
    pg_catalog.current_setting('server_version') as version,
    pg_catalog.current_setting('server_version_num')::integer as version_num,
    pg_catalog.current_database()::text as database,
    (select oid::bigint from pg_catalog.pg_database where datname = pg_catalog.current_database()) as database_oid,
    current_user::text as role,
    pg_catalog.current_setting('is_superuser')::boolean as superuser,
    pg_catalog.pg_is_in_recovery() as in_recovery,
    pg_catalog.current_setting('transaction_read_only')::boolean as read_only,
    -- A function named here is checked even where it is not reached; ts_stat runs its text only when it is.
    case
        when pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
        then (
            select word
            from pg_catalog.ts_stat(
                'select pg_catalog.to_tsvector(''simple'', system_identifier::text) from pg_catalog.pg_control_system()'
            )
        )
    end as system_identifier
