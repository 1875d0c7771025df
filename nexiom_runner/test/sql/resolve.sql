-- One row per function that a call's argument names reach, as PostgREST resolves them, with the statement that calls it.
with calls as (
  select c.id, c.schema, c.name, c.shown::json as shown, (
    select string_agg(
      case p.part ->> 0
        when '' then quote_literal(p.part ->> 1)
        when '$ago' then format('pg_catalog.to_json(pg_catalog.now() - %%L::pg_catalog.interval)::pg_catalog.text', p.part ->> 1)
        else format('pg_catalog.to_json(pg_catalog.now() + %%L::pg_catalog.interval)::pg_catalog.text', p.part ->> 1)
      end,
      ' || ' order by p.ordinal
    )
    from json_array_elements(c.parts) with ordinality as p(part, ordinal)
  ) as document
  from json_to_recordset(%(calls)s::json) as c(id integer, schema text, name text, parts json, shown text)
), functions as (
  select p.oid, n.nspname, p.proname, p.provolatile, p.proretset, p.prorettype, p.pronargs - p.pronargdefaults as needed,
    p.proargmodes, coalesce(p.proallargtypes, p.proargtypes::oid[]) as types, p.proargmodes::text[] as modes, p.proargnames as names
  from pg_proc as p
  join pg_namespace as n on n.oid = p.pronamespace
  where p.prokind = 'f' and (n.nspname, p.proname) in (select c.schema::name, c.name::name from calls as c)
), inputs as (
  select f.oid, a.position, coalesce(nullif(a.name, ''), '$' || a.position) as name, coalesce(a.name, '') = '' as unnamed,
    a.mode = 'v' as variadic, a.type, a.position <= f.needed as needed
  from functions as f
  cross join lateral (
    select row_number() over (order by u.ordinal) as position, coalesce(u.mode, 'i') as mode, u.type, u.name
    from unnest(f.types, f.modes, f.names) with ordinality as u(type, mode, name, ordinal)
    where coalesce(u.mode, 'i') in ('i', 'b', 'v')
  ) as a
), signatures as (
  select f.oid, f.nspname::text, f.proname::text,
    coalesce(array_agg(i.name) filter (where i.name is not null), '{}') as names,
    coalesce(array_agg(i.name) filter (where i.needed), '{}') as needed,
    coalesce(max(i.position) filter (where i.unnamed), 0) as unnamed
  from functions as f
  left join inputs as i on i.oid = f.oid
  group by f.oid, f.nspname, f.proname
), reached as (
  select c.id, c.shown, g.oid, g.unnamed
  from calls as c
  cross join lateral (select coalesce(array_agg(k.name), '{}') as names from json_object_keys(c.shown) as k(name)) as s
  join signatures as g on g.nspname = c.schema and g.proname = c.name
  where s.names <@ g.names and g.needed <@ s.names
), composed as (
  select r.id, r.oid,
    string_agg(format('%%I %%s', i.name, format_type(i.type, null)), ', ' order by i.position) filter (where i.name is not null) as columns,
    string_agg(
      case when i.position <= r.unnamed then format('_.%%I', i.name)
        else format('%%s%%I => _.%%I', case when i.variadic then 'variadic ' end, i.name, i.name) end,
      ', ' order by i.position) filter (where i.name is not null) as arguments,
    string_agg(
      case when i.position <= r.unnamed then v.text
        else format('%%s%%I => %%s', case when i.variadic then 'variadic ' end, i.name, v.text) end,
      ', ' order by i.position) filter (where i.name is not null) as shown
  from reached as r
  left join lateral json_each(r.shown) as s(name, value) on true
  left join inputs as i on i.oid = r.oid and i.name = s.name
  left join pg_type as t on t.oid = i.type
  left join lateral (
    select case json_typeof(s.value)
      when 'string' then quote_literal(s.value #>> '{}')
      when 'object' then case
        when s.value ->> '$ago' is not null then format('now() - interval %%L', s.value ->> '$ago')
        when s.value ->> '$ahead' is not null then format('now() + interval %%L', s.value ->> '$ahead')
        else quote_literal(s.value::text) end
      when 'array' then case when t.typcategory <> 'A' then quote_literal(s.value::text) else format('array[%%s]::%%s', (
          select string_agg(
            case json_typeof(e.value) when 'string' then quote_literal(e.value #>> '{}') when 'object' then quote_literal(e.value::text) else e.value::text end,
            ', ' order by e.ordinal)
          from json_array_elements(s.value) with ordinality as e(value, ordinal)
        ), format_type(i.type, null)) end
      else s.value::text end as text
  ) as v on s.name is not null
  group by r.id, r.oid
)
select c.id, f.oid::regprocedure::text as signature, f.provolatile <> 'v' as read_only,
  format(
    case
      when f.prorettype = 'void'::regtype then 'select nullif(%%1$s(%%2$s)::text, '''') from %%3$s'
      when k.composite and f.proretset then 'select coalesce(pg_catalog.json_agg(r), ''[]'')::text from %%3$s cross join lateral (select * from %%1$s(%%2$s)) as r'
      when k.composite then 'select pg_catalog.to_json(r)::text from %%3$s cross join lateral (select * from %%1$s(%%2$s)) as r'
      when f.proretset then 'select coalesce(pg_catalog.json_agg(r.value), ''[]'')::text from %%3$s cross join lateral (select %%1$s(%%2$s) as value) as r'
      else 'select pg_catalog.to_json(%%1$s(%%2$s))::text from %%3$s'
    end,
    format('%%I.%%I', f.nspname, f.proname),
    d.arguments,
    case when d.columns is null then '(select) as _' else format('pg_catalog.json_to_record((%%s)::pg_catalog.json) as _(%%s)', c.document, d.columns) end
  ) as statement,
  format(case when k.composite then 'select * from %%I.%%I(%%s)' else 'select %%I.%%I(%%s)' end, f.nspname, f.proname, d.shown) as shown
from calls as c
join composed as d on d.id = c.id
join functions as f on f.oid = d.oid
join pg_type as t on t.oid = f.prorettype
cross join lateral (select t.typtype = 'c' or coalesce(f.modes && '{t,b,o}', false) as composite) as k
order by c.id, signature
