-- One row per table asked for by schema and name: privileges of others than its owner on single columns.
select n.nspname::text as schema,
       c.relname::text as name,
       pg_get_userbyid(c.relowner)::text as owner,
       (
           select json_agg(json_build_object(
               'role', case g.grantee when 0 then 'PUBLIC' else coalesce(r.rolname::text, g.grantee::text) end,
               'privilege', lower(g.privilege_type) || ' ' || a.attname,
               'of', pg_get_userbyid(g.grantor),
               'schema', null,
               'origin', 'granted'
           ) order by a.attnum)
           from pg_attribute as a
           cross join lateral aclexplode(a.attacl) as g
           left join pg_roles as r on r.oid = g.grantee
           where a.attrelid = c.oid and not a.attisdropped and g.grantee <> c.relowner and not coalesce(r.rolsuper, false)
       ) as grants
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name
where c.relkind in ('r', 'p', 'v', 'm', 'f')
