-- One row per role, or role and schema, asked for that exists: what others get on each object it creates, by kind.
select asked.schema,
       asked.name,
       (
           select json_object_agg(given.kind, given.grants)
           from (
               select k.kind,
                      coalesce(json_agg(json_build_object(
                          'role', case a.grantee when 0 then 'PUBLIC' else coalesce(g.rolname::text, a.grantee::text) end,
                          'privilege', lower(a.privilege_type),
                          'of', r.rolname,
                          'schema', null,
                          'origin', 'default'
                      )) filter (where a.grantee is not null), '[]') as grants
               from (
                   values ('tables', 'r', 'r'), ('sequences', 'S', 's'), ('functions', 'f', 'f'), ('types', 'T', 'T'),
                          ('schemas', 'n', 'n')
               ) as k(kind, type, code)
               left join pg_default_acl as d
                   on d.defaclrole = r.oid
                   and d.defaclobjtype = k.type::"char"
                   and d.defaclnamespace = coalesce(n.oid, 0)
               left join lateral (
                   select given.grantee, given.privilege_type
                   from aclexplode(coalesce(
                       d.defaclacl,
                       case when asked.schema = '' then acldefault(k.code::"char", r.oid) end
                   )) as given
                   where given.grantee <> r.oid
               ) as a on true
               left join pg_roles as g on g.oid = a.grantee
               group by k.kind
           ) as given
       ) as given
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_roles as r on r.rolname = asked.name
left join pg_namespace as n on n.nspname = asked.schema
where asked.schema = '' or n.oid is not null
