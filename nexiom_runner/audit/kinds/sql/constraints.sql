-- One row per constraint of the tables asked for by schema and name; NOT NULL is told of the column.
select n.nspname::text as schema,
       c.relname::text as name,
       k.conname::text as item,
       pg_get_constraintdef(k.oid) as definition,
       k.contype = 'f' and exists (
           select
           from pg_constraint as p
           where p.conrelid = k.confrelid and p.contype = 'p' and p.conkey = k.confkey
       ) as references_key
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name
join pg_constraint as k on k.conrelid = c.oid
where k.contype in ('p', 'u', 'f', 'c', 'x')
order by n.nspname, c.relname, k.conname
