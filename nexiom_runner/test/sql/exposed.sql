-- One row per function that others than its owner may execute: its signature, who may, and whether this session's calls are counted.
select p.oid::bigint as oid, p.oid::regprocedure::text as signature, n.nspname::text as schema, p.proname::text as name,
  pg_catalog.array_agg(distinct coalesce(r.rolname::text, 'PUBLIC') order by coalesce(r.rolname::text, 'PUBLIC')) as roles,
  pg_catalog.current_setting('track_functions') = 'all' as counted
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
cross join lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) as a
left join pg_catalog.pg_roles as r on r.oid = a.grantee
where p.prokind = 'f' and n.nspname = any (%(schemas)s::text[]) and a.privilege_type = 'EXECUTE'
  and a.grantee <> p.proowner and not coalesce(r.rolsuper, false)
  and p.prorettype not in ('trigger'::pg_catalog.regtype, 'event_trigger'::pg_catalog.regtype)
  and not exists (
    select from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e'
  )
group by p.oid, n.nspname, p.proname
order by signature
