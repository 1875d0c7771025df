-- Every table of public has row security; one that an API role reads has a policy for it, and none is written directly.
select
  c.oid::regclass::text as object,
  case
    when not c.relrowsecurity then 'row security is off'
    when direct.role is not null then direct.role || ' writes it without a function'
    when readers.role is not null then readers.role || ' may read it and no policy lets it see a row'
  end as problem,
  case
    when not c.relrowsecurity then format('alter table %s enable row level security', c.oid::regclass)
    when direct.role is not null then
      format('revoke insert, update, delete, truncate on table %s from %I', c.oid::regclass, direct.role)
    when readers.role is not null then
      format('create a policy for select to %I on table %s, or revoke select', readers.role, c.oid::regclass)
  end as fix
from pg_catalog.pg_class as c
left join lateral (
  select r.rolname::text as role
  from pg_catalog.pg_roles as r
  where r.rolname in ('anon', 'authenticated')
    and has_table_privilege(r.oid, c.oid, 'insert, update, delete, truncate')
  order by r.rolname
  limit 1
) as direct on true
left join lateral (
  select r.rolname::text as role
  from pg_catalog.pg_roles as r
  where r.rolname in ('anon', 'authenticated')
    and has_table_privilege(r.oid, c.oid, 'select')
    and not exists (
      select
      from pg_catalog.pg_policy as p
      where p.polrelid = c.oid and p.polcmd in ('r', '*') and (r.oid = any (p.polroles) or 0 = any (p.polroles))
    )
  order by r.rolname
  limit 1
) as readers on true
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
order by 1;
