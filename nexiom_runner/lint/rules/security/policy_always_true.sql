-- One row per permissive policy that lets an API role, or everybody, write every row.
with api as (
    select r.oid, r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all
    select 0, 'public'
),
open as (
    select p.oid, p.polname, p.polrelid,
           case p.polcmd when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
               else 'read and write' end as what,
           case p.polcmd when 'a' then 'with check' else 'using' end as clause,
           a.name as role
    from pg_policy as p
    join api as a on a.oid = any(p.polroles)
        or 0 = any(p.polroles)
        or exists (select from unnest(p.polroles) as r where r <> 0 and a.oid <> 0 and pg_has_role(a.oid, r, 'usage'))
    where p.polpermissive
      and p.polcmd <> 'r'
      and pg_get_expr(case p.polcmd when 'a' then p.polwithcheck else p.polqual end, p.polrelid)
          in ('true', '(true = true)', '(1 = 1)')
      and case p.polcmd
          when 'a' then has_any_column_privilege(a.name, p.polrelid, 'insert')
          when 'w' then has_any_column_privilege(a.name, p.polrelid, 'update')
          when 'd' then has_table_privilege(a.name, p.polrelid, 'delete')
          else has_any_column_privilege(a.name, p.polrelid, 'insert, update')
              or has_table_privilege(a.name, p.polrelid, 'delete')
      end
)
select 'policy' as kind,
       n.nspname::text as schema,
       o.polname::text as name,
       c.relname::text as relation,
       null::text as types,
       format(
           'lets %s %s every row: its %s is always true',
           string_agg(case o.role when 'public' then 'PUBLIC' else o.role end, ', ' order by o.role), o.what, o.clause
       ) as message,
       format('alter policy %I on %I.%I %s (…);', o.polname, n.nspname, c.relname, o.clause) as fix,
       null::text as unless
from open as o
join pg_class as c on c.oid = o.polrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any({schemas}::text[])
  and has_schema_privilege(o.role, n.oid, 'usage')
group by n.nspname, c.relname, o.polname, o.what, o.clause
order by 2, 4, 3
