-- One row per function and procedure that is neither the server's nor an extension's, with what its body says.
select p.oid::int8,
       n.nspname::text as schema,
       p.proname::text as name,
       p.prosecdef as definer,
       l.lanname::text as language,
       case when p.prosqlbody is null then p.prosrc else '' end as source,
       case when l.lanname in ('sql', 'plpgsql') and p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) else '' end
           as definition,
       (
           select substr(s.setting, length('search_path=') + 1)
           from unnest(p.proconfig) as s(setting)
           where s.setting like 'search_path=%%'
       ) as search_path,
       p.pronargs::int4 as arguments,
       p.pronargdefaults::int4 as defaults,
       p.provariadic <> 0 as variadic,
       p.prokind = 'a' as is_aggregate,
       (
           select array_agg(r.rolname::text)
           from pg_roles as r
           where r.rolname in ('anon', 'authenticated')
             and has_schema_privilege(r.oid, n.oid, 'usage')
             and has_function_privilege(r.oid, p.oid, 'execute')
       ) as open_to
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
join pg_language as l on l.oid = p.prolang
where n.nspname not in ('pg_catalog', 'information_schema', 'nexiom')
  and not exists (
      select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  )
order by n.nspname, p.proname, p.oid
