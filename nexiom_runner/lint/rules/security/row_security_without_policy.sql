-- One row per table that an API role was granted, with row security on and no policy for that role.
with api as (
    select r.oid, r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
),
shut as (
    select c.oid, a.name as role, c.relowner
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    cross join api as a
    where n.nspname = any({schemas}::text[])
      and c.relkind in ('r', 'p')
      and c.relrowsecurity
      and has_schema_privilege(a.oid, n.oid, 'usage')
      and (has_any_column_privilege(a.oid, c.oid, 'select, insert, update') or has_table_privilege(a.oid, c.oid, 'delete'))
      and not exists (
          select
          from pg_policy as p
          where p.polrelid = c.oid
            and p.polpermissive
            and (
                0 = any(p.polroles)
                or exists (select from unnest(p.polroles) as r where r <> 0 and pg_has_role(a.oid, r, 'usage'))
            )
      )
)
select 'table' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           '%s %s granted, and no policy lets %s see or write a row',
           string_agg(s.role, ', ' order by s.role),
           case count(*) when 1 then 'was' else 'were' end,
           case count(*) when 1 then 'it' else 'them' end
       ) as message,
       format('revoke all on table %I.%I from %s;', n.nspname, c.relname, string_agg(s.role, ', ' order by s.role)) as fix,
       null::text as unless
from shut as s
join pg_class as c on c.oid = s.oid
join pg_namespace as n on n.oid = c.relnamespace
group by n.nspname, c.relname
order by 2, 3
