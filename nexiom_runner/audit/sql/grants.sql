-- One row per privilege that a role other than the owner and superusers holds on what is asked for by oid, and its origin.
with object as (
    select c.oid, 'r'::"char" as type, c.relowner as owner, c.relnamespace as namespace, c.relacl as acl
    from pg_class as c
    where c.oid = any(%(relations)s::oid[])
    union all
    select p.oid, 'f'::"char", p.proowner, p.pronamespace, p.proacl
    from pg_proc as p
    where p.oid = any(%(functions)s::oid[])
),
given as materialized (
    select d.defaclrole as owner, d.defaclnamespace as namespace, d.defaclobjtype as type, a.grantee, a.privilege_type
    from pg_default_acl as d
    cross join lateral aclexplode(d.defaclacl) as a
),
privilege as (
    select o.oid, o.type, o.owner, o.namespace, o.acl is null as untouched, a.grantor, a.grantee, a.privilege_type
    from object as o
    cross join lateral aclexplode(coalesce(o.acl, acldefault(o.type, o.owner))) as a
    where a.grantee <> o.owner
)
select p.oid as object,
       p.type::text as type,
       case when p.grantee = 0 then 'PUBLIC' else coalesce(r.rolname::text, p.grantee::text) end as role,
       lower(p.privilege_type) as privilege,
       case
           when p.grantee = 0 and p.type = 'f' and p.grantor = p.owner then 'public default'
           when p.grantor = p.owner and g.owner is not null then 'default privileges'
           else 'granted'
       end as origin,
       pg_get_userbyid(p.grantor)::text as of,
       g.schema
from privilege as p
left join pg_roles as r on r.oid = p.grantee
left join lateral (
    select given.owner, n.nspname::text as schema
    from given
    left join pg_namespace as n on n.oid = given.namespace
    where given.owner = p.owner
      and given.type = p.type
      and given.namespace in (0, p.namespace)
      and given.grantee = p.grantee
      and given.privilege_type = p.privilege_type
    order by given.namespace
    limit 1
) as g on true
where not coalesce(r.rolsuper, false)
order by p.oid, role, privilege
