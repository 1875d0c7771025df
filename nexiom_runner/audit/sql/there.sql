-- One row per function of these names, in any schema, that is no extension's.
select distinct n.nspname::text as schema, p.proname::text as name
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
where p.proname = any(%(names)s::text[])
  and not exists (
      select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
