-- One row per extension asked for by name.
select '' as schema, e.extname::text as name, e.extversion as version, n.nspname::text as of_schema
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_extension as e on e.extname = asked.name
join pg_namespace as n on n.oid = e.extnamespace
