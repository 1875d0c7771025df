-- One row per role of the target that is not PostgreSQL's own, with its attributes and its settings here.
select
    r.rolname::text as name,
    r.rolsuper as superuser,
    r.rolinherit as inherit,
    r.rolcreaterole as creates_roles,
    r.rolcreatedb as creates_databases,
    r.rolcanlogin as login,
    r.rolbypassrls as bypasses,
    coalesce(r.rolconfig, '{}')::text[] as everywhere,
    coalesce(
        (
            select s.setconfig
            from pg_catalog.pg_db_role_setting as s
            join pg_catalog.pg_database as d on d.oid = s.setdatabase
            where s.setrole = r.oid and d.datname = pg_catalog.current_database()
        ),
        '{}'
    )::text[] as here
from pg_catalog.pg_roles as r
where r.rolname !~ '^pg_'
order by r.rolname
