-- One row per trigger of the relations asked for by schema and name; those that constraints bring are left out.
select n.nspname::text as schema,
       c.relname::text as name,
       t.tgname::text as item,
       pg_get_triggerdef(t.oid) as definition,
       case t.tgenabled when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica' else 'always' end
           as enabled
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name
join pg_trigger as t on t.tgrelid = c.oid
where not t.tgisinternal
order by n.nspname, c.relname, t.tgname
