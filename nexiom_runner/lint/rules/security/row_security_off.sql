-- One row per table whose row security is off while an API role, or everybody, may read or write it.
with api as (
    select r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all
    select 'public'
),
held as (
    select c.oid, a.name as role, p.privilege
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    cross join api as a
    cross join unnest(array['select', 'insert', 'update', 'delete']) as p(privilege)
    where n.nspname = any({schemas}::text[])
      and c.relkind in ('r', 'p')
      and not c.relrowsecurity
      and has_schema_privilege(a.name, n.oid, 'usage')
      and case
          when p.privilege = 'delete' then has_table_privilege(a.name, c.oid, 'delete')
          else has_any_column_privilege(a.name, c.oid, p.privilege)
      end
      and not exists (
          select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      )
)
select 'table' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           'row security is off, and %s may %s every row',
           (select string_agg(distinct case h.role when 'public' then 'PUBLIC' else h.role end, ', ')
            from held as h where h.oid = c.oid),
           (select string_agg(distinct h.privilege, ', ') from held as h where h.oid = c.oid)
       ) as message,
       format('alter table %I.%I enable row level security;', n.nspname, c.relname) as fix,
       null::text as unless
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.oid in (select h.oid from held as h)
order by 2, 3
