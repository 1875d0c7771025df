-- One row per enum or domain asked for: whether it is there and else those that are, the enum's labels, what the domain rests on.
with asked as (
  select a.kind, a.schema, a.name from json_to_recordset(%(types)s::json) as a(kind text, schema text, name text)
)
select a.kind, a.schema, a.name, t.oid is not null as present,
  array(select e.enumlabel::text from pg_enum as e where e.enumtypid = coalesce(b.base, t.oid) order by e.enumsortorder) as labels,
  coalesce(b.base, t.oid)::oid as base,
  case when t.oid is null then array(
    select case n.nspname when 'public' then k.typname::text else format('%%s.%%s', n.nspname, k.typname) end
    from pg_type as k
    join pg_namespace as n on n.oid = k.typnamespace
    where k.typtype = case a.kind when 'enum' then 'e' else 'd' end and n.nspname not in ('pg_catalog', 'information_schema')
    order by 1
  ) else '{}' end as known
from asked as a
left join pg_namespace as s on s.nspname = a.schema
left join pg_type as t on t.typnamespace = s.oid and t.typname = a.name and t.typtype = case a.kind when 'enum' then 'e' else 'd' end
left join lateral (
  with recursive chain as (
    select t.typbasetype as base
    union all
    select d.typbasetype from chain as c join pg_type as d on d.oid = c.base and d.typtype = 'd'
  )
  select c.base from chain as c join pg_type as d on d.oid = c.base and d.typtype <> 'd' where t.typtype = 'd'
) as b on true
