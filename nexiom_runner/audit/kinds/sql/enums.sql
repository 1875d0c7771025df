-- One row per enum asked for by schema and name.
select n.nspname::text as schema,
       t.typname::text as name,
       (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum as e where e.enumtypid = t.oid) as labels,
       pg_get_userbyid(t.typowner)::text as owner,
       obj_description(t.oid, 'pg_type') as comment,
       __grants(t.typacl, t.typowner, T, T, t.typnamespace)__ as grants
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_type as t on t.typnamespace = n.oid and t.typname = asked.name
where t.typtype = 'e'
