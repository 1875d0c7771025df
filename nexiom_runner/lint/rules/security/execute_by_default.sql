-- One row per function that everybody may call only because nobody ever said who may.
select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
       n.nspname::text as schema,
       p.proname::text as name,
       null::text as relation,
       oidvectortypes(p.proargtypes) as types,
       'everybody may call it: PostgreSQL grants EXECUTE to PUBLIC, and nobody took it back' as message,
       format('revoke execute on %s %s from public;',
           case p.prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure) as fix,
       'execute' as unless
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
where p.proacl is null
  and p.prokind in ('f', 'p')
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
  and n.nspname = any({schemas}::text[])
  and exists (
      select
      from pg_roles as r
      where r.rolname in ('anon', 'authenticated') and has_schema_privilege(r.oid, n.oid, 'usage')
  )
  and not exists (
      select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
order by 2, 3, 5
