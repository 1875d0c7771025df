-- One row per role asked for by name that exists: superuser or not, and the roles whose rights it has by membership.
with recursive member as (
    select r.oid as role, r.oid as has
    from pg_roles as r
    where r.rolname = any(%(names)s::text[])
    union
    select member.role, m.roleid
    from member
    join pg_auth_members as m on m.member = member.has
    join pg_roles as r on r.oid = member.has and r.rolinherit
)
select r.rolname::text as name,
       r.rolsuper as superuser,
       array_agg(h.rolname::text order by h.rolname) filter (where h.oid <> r.oid) as memberships
from member
join pg_roles as r on r.oid = member.role
join pg_roles as h on h.oid = member.has
group by r.rolname, r.rolsuper
