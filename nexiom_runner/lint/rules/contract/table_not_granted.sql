-- One row per table of `public` that no role of the API was granted anything on.
select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       'no role of the API was granted it, service_role neither, and no phase states its grants' as message,
       format('grant select on %I.%I to service_role;', n.nspname, c.relname) as fix,
       'grants' as unless
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname = 'public'
  and n.nspname = any({schemas}::text[])
  and not c.relispartition
  and exists (select from pg_roles as r where r.rolname = 'anon')
  and not exists (
      select
      from pg_roles as r
      where r.rolname in ('anon', 'authenticated', 'service_role')
        and (
            has_any_column_privilege(r.oid, c.oid, 'select, insert, update')
            or has_table_privilege(r.oid, c.oid, 'delete')
        )
  )
  and not exists (
      select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
order by 2, 3
