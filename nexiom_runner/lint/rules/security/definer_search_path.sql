-- One row per SECURITY DEFINER function whose search_path its caller decides, or that goes through what others may write.
with function as (
    select p.oid, p.proname, p.proowner, p.pronamespace, p.proargtypes, p.prosqlbody,
           (select substr(s, 13) from unnest(p.proconfig) as s where s like 'search\_path=%') as path
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where p.prosecdef
      and n.nspname = any({schemas}::text[])
      and p.prokind in ('f', 'p')
      and not exists (
          select from pg_depend as d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      )
),
element as (
    select f.oid, btrim(btrim(e.name), '"') as name
    from function as f
    cross join lateral regexp_split_to_table(f.path, ',') as e(name)
    where f.path is not null
),
writable as (
    select e.oid, string_agg(e.name || ', where ' || (
        select string_agg(case a.grantee when 0 then 'PUBLIC' else a.grantee::regrole::text end, ', ' order by a.grantee)
        from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a
        where a.privilege_type = 'CREATE'
          and a.grantee <> f.proowner
          and a.grantee <> n.nspowner
          and (a.grantee = 0 or not (select r.rolsuper from pg_roles as r where r.oid = a.grantee))
    ) || ' may create', '; ') as found
    from element as e
    join function as f on f.oid = e.oid
    join pg_namespace as n on n.nspname = e.name and n.nspname <> 'pg_catalog'
    group by e.oid
),
judged as (
    select f.*, case
        when f.path is null and f.prosqlbody is null
            then 'runs as its owner with the search_path of whoever calls it'
        when f.path is not null and exists (select from element as e where e.oid = f.oid and e.name = '$user')
            then 'runs as its owner with "$user" in its search_path'
        when w.found is not null then 'runs as its owner, and its search_path has ' || w.found
        end as message
    from function as f
    left join writable as w on w.oid = f.oid
)
select 'function' as kind,
       n.nspname::text as schema,
       j.proname::text as name,
       null::text as relation,
       oidvectortypes(j.proargtypes) as types,
       j.message,
       format('alter function %s set search_path = '''';', j.oid::regprocedure) as fix,
       null::text as unless
from judged as j
join pg_namespace as n on n.oid = j.pronamespace
where j.message is not null
order by 2, 3, 5
