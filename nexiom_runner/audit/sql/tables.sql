-- One row per relation asked for by schema and name: its oid, kind, owner, row security.
select n.nspname::text as schema,
       c.relname::text as name,
       c.oid,
       case c.relkind
           when 'r' then 'table'
           when 'p' then 'partitioned table'
           when 'v' then 'view'
           when 'm' then 'materialized view'
           else 'foreign table'
       end as kind,
       pg_get_userbyid(c.relowner)::text as owner,
       c.relrowsecurity as row_security
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name
where c.relkind in ('r', 'p', 'v', 'm', 'f')
