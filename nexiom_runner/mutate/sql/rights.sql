-- One row per right on functions and tables of the schemas that is taken away, or given to everybody.
with object as (
    select 'function' as kind, 'f'::"char" as type, p.oid, p.pronamespace as namespace, p.proname as name,
           p.proowner as owner, p.proacl as acl, format('routine %%s', p.oid::regprocedure) as spelled,
           'execute' as openly, '`execute:` of the function' as missing, 'pg_proc'::regclass as class
    from pg_proc as p
    where p.prokind in ('f', 'p')
    union all
    select 'table', 'r', c.oid, c.relnamespace, c.relname, c.relowner, c.relacl, format('table %%s', c.oid::regclass),
           'select', '`grants:` of the table', 'pg_class'::regclass
    from pg_class as c
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
),
held as (
    select o.oid, o.class, a.grantee, a.privilege_type
    from object as o
    cross join lateral aclexplode(coalesce(o.acl, acldefault(o.type, o.owner))) as a
    left join pg_roles as r on r.oid = a.grantee
    where a.grantee <> o.owner
      and not coalesce(r.rolsuper, false)
)
select
    o.kind,
    n.nspname::text as schema,
    o.name::text as name,
    change.what,
    change.statement,
    o.missing
from object as o
join pg_namespace as n on n.oid = o.namespace
cross join lateral (
    select
        format('revokes %%s from %%s', lower(h.privilege_type), who.name) as what,
        format('revoke %%s on %%s from %%s', h.privilege_type, o.spelled, who.name) as statement
    from held as h
    cross join lateral (
        select case when h.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(h.grantee)) end as name
    ) as who
    where (h.oid, h.class) = (o.oid, o.class)
    union all
    select format('grants %%s to everybody', o.openly), format('grant %%s on %%s to public', o.openly, o.spelled)
    where not exists (
        select from held as h
        where (h.oid, h.class) = (o.oid, o.class) and h.grantee = 0 and lower(h.privilege_type) = o.openly
    )
) as change
where n.nspname = any(%(schemas)s)
  and not exists (select from pg_depend as d where d.classid = o.class and d.objid = o.oid and d.deptype = 'e')
order by o.kind, n.nspname, o.name, o.oid, change.what
