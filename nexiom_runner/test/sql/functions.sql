-- One row per function of these schemas: its name and the names of the arguments a caller passes, with defaults or not.
select n.nspname as schema, p.proname as name, a.names, a.needed
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
cross join lateral (
  select coalesce(array_agg(i.name order by i.position), '{}') as names,
    coalesce(array_agg(i.name order by i.position) filter (where i.position <= p.pronargs - p.pronargdefaults), '{}') as needed
  from (
    select row_number() over (order by u.ordinal) as position,
      coalesce(nullif(u.name, ''), '$' || row_number() over (order by u.ordinal)) as name
    from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes::text[], p.proargnames)
      with ordinality as u(type, mode, name, ordinal)
    where coalesce(u.mode, 'i') in ('i', 'b', 'v')
  ) as i
) as a
where p.prokind = 'f' and n.nspname = any(%(schemas)s::text[])
order by n.nspname, p.proname, p.oid
