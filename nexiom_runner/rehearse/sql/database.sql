-- One row: who owns the target's database, what is set for it, and who may do what with it (null: as PostgreSQL has it).
select
    pg_catalog.pg_get_userbyid(d.datdba)::text as owner,
    coalesce(
        (select s.setconfig from pg_catalog.pg_db_role_setting as s where s.setdatabase = d.oid and s.setrole = 0), '{}'
    )::text[] as settings,
    d.datacl is not null as granted,
    coalesce(
        (
            select pg_catalog.array_agg(
                pg_catalog.lower(a.privilege_type) || '='
                || case when a.grantee = 0 then '' else pg_catalog.pg_get_userbyid(a.grantee)::text end
            )
            from pg_catalog.aclexplode(d.datacl) as a
        ),
        '{}'
    )::text[] as grants
from pg_catalog.pg_database as d
where d.datname = pg_catalog.current_database()
