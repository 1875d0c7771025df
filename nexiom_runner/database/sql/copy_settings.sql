-- One row: how many settings the copy took over; a file copy leaves out what belongs to the database as a whole.
with source as (
    select oid, datacl from pg_catalog.pg_database where datname = %(source)s
),
copy as (
    update pg_catalog.pg_database as d
    set datacl = source.datacl
    from source
    where d.datname = %(name)s
    returning d.oid
),
settings as (
    insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
    select copy.oid, s.setrole, s.setconfig
    from pg_catalog.pg_db_role_setting as s
    join source on s.setdatabase = source.oid
    cross join copy
    returning 1
)
select count(*) as settings from settings
