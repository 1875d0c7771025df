-- One row per function of the schemas that is no extension's: its body, and its definition as text.
select
    n.nspname::text as schema,
    p.proname::text as name,
    l.lanname::text as language,
    format_type(p.prorettype, null) as returns,
    p.proretset as returns_set,
    p.prosrc as body,
    pg_get_functiondef(p.oid) as definition
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
join pg_language as l on l.oid = p.prolang
where n.nspname = any(%(schemas)s)
  and p.prokind in ('f', 'p')
  and p.prosqlbody is null
  and not exists (select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
order by n.nspname, p.proname, p.oid
