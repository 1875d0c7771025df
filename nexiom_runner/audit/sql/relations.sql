-- One row per table and view that is not the server's: its columns, and which API roles may do anything with it.
with api as (
    select r.oid from pg_roles as r where r.rolname in ('anon', 'authenticated')
)
select c.oid::int8,
       n.nspname::text as schema,
       c.relname::text as name,
       c.relkind in ('v', 'm') as is_view,
       exists (
           select
           from pg_options_to_table(c.reloptions) as o
           where o.option_name = 'security_invoker' and o.option_value::bool
       ) as is_invoker,
       (
           select array_agg(a.attname::text order by a.attnum)
           from pg_attribute as a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       ) as columns,
       (
           select array_agg(r.rolname::text)
           from api
           join pg_roles as r on r.oid = api.oid
           where has_any_column_privilege(r.oid, c.oid, 'select, insert, update')
              or has_table_privilege(r.oid, c.oid, 'delete, truncate')
       ) as open_to
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'nexiom')
  and n.nspname not like 'pg_temp%%'
order by n.nspname, c.relname
