-- One row per composite, range or base type asked for by schema and name.
select n.nspname::text as schema,
       t.typname::text as name,
       case t.typtype when 'c' then 'composite' when 'r' then 'range' else 'base' end as kind,
       (
           select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod)) order by a.attnum)
           from pg_attribute as a
           where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
       ) as attributes,
       (select format_type(r.rngsubtype, null) from pg_range as r where r.rngtypid = t.oid) as subtype,
       pg_get_userbyid(t.typowner)::text as owner,
       obj_description(t.oid, 'pg_type') as comment,
       __grants(t.typacl, t.typowner, T, T, t.typnamespace)__ as grants
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_type as t on t.typnamespace = n.oid and t.typname = asked.name
left join pg_class as c on c.oid = t.typrelid
where t.typtype in ('b', 'c', 'r')
  and coalesce(c.relkind, 'c') = 'c'
  and not exists (select from pg_type as element where element.typarray = t.oid)
