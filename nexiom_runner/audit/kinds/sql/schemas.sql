-- One row per schema asked for by name.
select '' as schema,
       n.nspname::text as name,
       pg_get_userbyid(n.nspowner)::text as owner,
       obj_description(n.oid, 'pg_namespace') as comment,
       __grants(n.nspacl, n.nspowner, n, n, 0)__ as grants
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.name
