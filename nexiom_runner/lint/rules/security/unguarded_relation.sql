-- One row per materialized view or foreign table, which have no row security, that an API role, or everybody, may read.
with api as (
    select r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all
    select 'public'
)
select case c.relkind when 'm' then 'materialized view' else 'foreign table' end as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           '%s may read all of it: a %s has no row security',
           string_agg(case a.name when 'public' then 'PUBLIC' else a.name end, ', ' order by a.name),
           case c.relkind when 'm' then 'materialized view' else 'foreign table' end
       ) as message,
       format('revoke all on table %I.%I from public, anon, authenticated;', n.nspname, c.relname) as fix,
       'grants' as unless
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join api as a on has_schema_privilege(a.name, n.oid, 'usage') and has_any_column_privilege(a.name, c.oid, 'select')
where c.relkind in ('m', 'f') and n.nspname = any({schemas}::text[])
group by c.relkind, n.nspname, c.relname
order by 2, 3
