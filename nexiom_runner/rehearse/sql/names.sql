-- One row per name that something of this database's own goes by.
select distinct name::text as name
from (
    select relname from pg_catalog.pg_class where oid >= 16384 and relkind <> 't'
    union all select proname from pg_catalog.pg_proc where oid >= 16384
    union all select typname from pg_catalog.pg_type where oid >= 16384
    union all select nspname from pg_catalog.pg_namespace where oid >= 16384
    union all select extname from pg_catalog.pg_extension
    union all select collname from pg_catalog.pg_collation where oid >= 16384
) as named(name)
