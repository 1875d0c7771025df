-- One row per row security policy of the tables asked for by schema and name.
select n.nspname::text as schema,
       c.relname::text as name,
       p.polname::text as item,
       p.polpermissive as permissive,
       case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
           as command,
       (
           select json_agg(case role when 0 then 'PUBLIC' else pg_get_userbyid(role)::text end)
           from unnest(p.polroles) as role
       ) as roles,
       pg_get_expr(p.polqual, p.polrelid) as using,
       pg_get_expr(p.polwithcheck, p.polrelid) as check
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name
join pg_policy as p on p.polrelid = c.oid
order by n.nspname, c.relname, p.polname
