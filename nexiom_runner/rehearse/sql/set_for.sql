-- Nothing; writes the settings of a role or of the database (`role` is empty) as they are on the target.
insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
select
    case when %(here)s then (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) else 0 end,
    coalesce((select oid from pg_catalog.pg_roles where rolname = %(role)s), 0),
    %(settings)s::text[]
