-- One row: the schema of plpgsql_check where the extension is created, and its version where it could be.
select (
           select n.nspname::text
           from pg_extension as e
           join pg_namespace as n on n.oid = e.extnamespace
           where e.extname = 'plpgsql_check'
       ) as schema,
       (select a.default_version from pg_available_extensions as a where a.name = 'plpgsql_check') as available
