-- One row per SECURITY DEFINER function that an API role, or everybody, may call.
with api as (
    select r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all
    select 'public'
)
select case p.prokind when 'p' then 'procedure' else 'function' end as kind,
       n.nspname::text as schema,
       p.proname::text as name,
       null::text as relation,
       oidvectortypes(p.proargtypes) as types,
       format(
           '%s may call it, it runs with the rights of %s, and no phase says why',
           string_agg(case a.name when 'public' then 'PUBLIC' else a.name end, ', ' order by a.name),
           pg_get_userbyid(p.proowner)
       ) as message,
       format('revoke execute on %s %s from public, anon, authenticated;',
           case p.prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure) as fix,
       'reason' as unless
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
join api as a on has_schema_privilege(a.name, n.oid, 'usage') and has_function_privilege(a.name, p.oid, 'execute')
where p.prosecdef
  and p.prokind in ('f', 'p')
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  and n.nspname = any({schemas}::text[])
  and not exists (
      select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
group by n.nspname, p.proname, p.oid, p.proowner, p.prokind, p.proargtypes
order by 2, 3, 5
