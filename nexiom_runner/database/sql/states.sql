-- One row a stored state: its database and the note on it, last used first.
select
    d.datname::text as database,
    pg_catalog.shobj_description(d.oid, 'pg_database')::jsonb -> 'roles' as roles
from pg_catalog.pg_database as d
where starts_with(d.datname::text, %(prefix)s)
order by (pg_catalog.shobj_description(d.oid, 'pg_database')::jsonb ->> 'used')::numeric desc nulls last, d.datname
