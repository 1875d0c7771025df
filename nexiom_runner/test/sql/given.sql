-- One row per row to insert: the statement that does it, with what its table lacks: the table itself, and which there are; columns, and which it has.
with asked as (
  select r.id, r.schema, r.name, r.columns, r.parts, r.as_text
  from json_to_recordset(%(rows)s::json) as r(id integer, schema text, name text, columns text[], parts json, as_text boolean)
), tables as (
  select t.schema, t.name, c.oid
  from (select distinct schema, name from asked) as t
  left join pg_namespace as n on n.nspname = t.schema
  left join pg_class as c on c.relnamespace = n.oid and c.relname = t.name and c.relkind in ('r', 'p', 'v', 'f')
), columns as (
  select t.schema, t.name, t.oid, array_agg(a.attname::text order by a.attnum) filter (where a.attname is not null) as known,
    json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)) filter (where a.attname is not null) as types
  from tables as t
  left join pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  group by t.schema, t.name, t.oid
)
select a.id, c.oid is not null as present, coalesce(c.known, '{}') as known,
  case when c.oid is null then array(
    select case n.nspname when 'public' then o.relname::text else format('%%s.%%s', n.nspname, o.relname) end
    from pg_class as o
    join pg_namespace as n on n.oid = o.relnamespace
    where o.relkind in ('r', 'p', 'v', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'nexiom') and n.nspname not like 'pg\_%%'
    order by 1
  ) else '{}' end as tables,
  case
    when c.oid is null or not a.columns <@ coalesce(c.known, '{}') then null
    when a.columns = '{}' then format('insert into %%I.%%I default values', a.schema, a.name)
    else format(
      'insert into %%I.%%I (%%s) overriding system value select %%s from %%s as r%%s',
      a.schema, a.name, l.names, case when a.as_text then l.casts else l.fields end,
      case when a.as_text then format('pg_catalog.json_to_record((%%s)::pg_catalog.json)', d.document)
        else format('pg_catalog.json_populate_record(null::%%I.%%I, (%%s)::pg_catalog.json)', a.schema, a.name, d.document) end,
      case when a.as_text then format('(%%s)', l.texts) else '' end
    )
  end as statement
from asked as a
join columns as c on c.schema = a.schema and c.name = a.name
cross join lateral (
  select string_agg(format('%%I', k.name), ', ' order by k.ordinal) as names,
    string_agg(format('r.%%I', k.name), ', ' order by k.ordinal) as fields,
    string_agg(format('r.%%I::%%s', k.name, c.types ->> k.name), ', ' order by k.ordinal) as casts,
    string_agg(format('%%I pg_catalog.text', k.name), ', ' order by k.ordinal) as texts
  from unnest(a.columns) with ordinality as k(name, ordinal)
) as l
cross join lateral (
  select string_agg(
    case p.part ->> 0
      when '' then quote_literal(p.part ->> 1)
      when '$ago' then format('pg_catalog.to_json(pg_catalog.now() - %%L::pg_catalog.interval)::pg_catalog.text', p.part ->> 1)
      else format('pg_catalog.to_json(pg_catalog.now() + %%L::pg_catalog.interval)::pg_catalog.text', p.part ->> 1)
    end,
    ' || ' order by p.ordinal
  ) as document
  from json_array_elements(a.parts) with ordinality as p(part, ordinal)
) as d
order by a.id
