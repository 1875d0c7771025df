-- One row per table for which an API role has several permissive policies for the same command.
with api as (
    select r.oid, r.rolname::text as name from pg_roles as r where r.rolname in ('anon', 'authenticated')
),
applied as (
    select p.polrelid, a.name as role, v.command, p.polname
    from pg_policy as p
    cross join api as a
    cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as v(command, letter)
    where p.polpermissive
      and p.polcmd in ('*', v.letter::"char")
      and (
          0 = any(p.polroles)
          or exists (select from unnest(p.polroles) as r where r <> 0 and pg_has_role(a.oid, r, 'usage'))
      )
      and case v.command
          when 'delete' then has_table_privilege(a.oid, p.polrelid, 'delete')
          else has_any_column_privilege(a.oid, p.polrelid, v.command)
      end
),
several as (
    select a.polrelid, a.command, string_agg(quote_ident(a.polname), ', ' order by a.polname) as policies, a.role
    from applied as a
    group by a.polrelid, a.role, a.command
    having count(*) > 1
)
select 'table' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           '%s is checked against several policies for %s: %s',
           string_agg(distinct s.role, ', '), string_agg(distinct s.command, ', '), s.policies
       ) as message,
       'make one policy of them, with or between their conditions' as fix,
       null::text as unless
from several as s
join pg_class as c on c.oid = s.polrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any({schemas}::text[]) and c.relrowsecurity
group by n.nspname, c.relname, s.policies
order by 2, 3, 6
