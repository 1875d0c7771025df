-- One row per table or function of the schemas and role, neither its owner nor a superuser, that may use it; no extension's.
with object as (
    select 'table' as kind, c.oid, c.relnamespace as namespace, c.relname::text as name, c.relowner as owner,
           coalesce(c.relacl, acldefault('r', c.relowner)) as acl
    from pg_class as c
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and not exists (
        select
        from pg_depend as d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0 and d.deptype = 'e'
    )
    union all
    select 'function', p.oid, p.pronamespace, p.proname::text, p.proowner,
           coalesce(p.proacl, acldefault('f', p.proowner))
    from pg_proc as p
    where p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)  -- nobody can call these
      and not exists (
        select
        from pg_depend as d
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
    )
),
schema as (
    select n.oid, n.nspname::text as name, n.nspowner as owner, coalesce(n.nspacl, acldefault('n', n.nspowner)) as acl
    from pg_namespace as n
    where n.nspname = any(%(schemas)s::text[])
),
entered as materialized (
    select s.oid, bool_or(a.grantee = 0) as by_all, bool_or(a.grantee <> s.owner) as by_any
    from schema as s
    cross join lateral aclexplode(s.acl) as a
    where a.privilege_type = 'USAGE'
    group by s.oid
)
select o.kind,
       o.oid::int8 as oid,
       case when o.kind = 'function' then (select p.prosecdef from pg_proc as p where p.oid = o.oid) end as definer,
       case when o.kind = 'function' then (
           select array_agg(api.rolname::text order by api.rolname)
           from pg_roles as api
           where api.rolname in ('anon', 'authenticated')
             and has_schema_privilege(api.oid, s.oid, 'usage')
             and has_function_privilege(api.oid, o.oid, 'execute')
       ) end as api,
       s.name as schema,
       o.name,
       case when o.kind = 'function' then (
           select array_agg(format_type(t.oid, null) order by t.position)
           from pg_proc as p
           cross join lateral unnest(p.proargtypes) with ordinality as t(oid, position)
           where p.oid = o.oid
       ) end as types,
       case when a.grantee = 0 then 'PUBLIC' else r.rolname::text end as role,
       array_agg(distinct lower(a.privilege_type) order by lower(a.privilege_type)) as privileges
from object as o
join schema as s on s.oid = o.namespace
join entered as e on e.oid = s.oid
cross join lateral aclexplode(o.acl) as a
left join pg_roles as r on r.oid = a.grantee
where a.grantee <> o.owner
  and not coalesce(r.rolsuper, false)
  and case
      when a.grantee = 0 then e.by_any
      else r.oid is not null and (e.by_all or has_schema_privilege(r.oid, s.oid, 'usage'))
  end
group by o.kind, o.oid, s.oid, s.name, o.name, a.grantee, r.rolname
order by o.kind desc, s.name, o.name, o.oid, a.grantee = 0, r.rolname
