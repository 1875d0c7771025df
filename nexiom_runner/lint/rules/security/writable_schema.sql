-- One row per schema of the project in which an API role, or everybody, may create objects.
with api as (
    select r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all
    select 'public'
)
select 'schema' as kind,
       null::text as schema,
       n.nspname::text as name,
       null::text as relation,
       null::text as types,
       format(
           '%s may create objects in it',
           string_agg(case a.name when 'public' then 'PUBLIC' else a.name end, ', ' order by a.name)
       ) as message,
       format(
           'revoke create on schema %I from %s;', n.nspname, string_agg(a.name, ', ' order by a.name)
       ) as fix,
       null::text as unless
from pg_namespace as n
join api as a on has_schema_privilege(a.name, n.oid, 'create')
where n.nspname = any({schemas}::text[])
group by n.nspname
order by 3
