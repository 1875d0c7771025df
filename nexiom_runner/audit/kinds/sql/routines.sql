-- One row per function, procedure or aggregate asked for by schema and name: what else pg_proc says of it.
select n.nspname::text as schema,
       p.proname::text as name,
       coalesce((
           select json_agg(format_type(t.oid, null) order by t.position)
           from unnest(p.proargtypes::oid[]) with ordinality as t(oid, position)
       ), '[]') as types,
       case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' when 'w' then 'window' else 'function' end
           as kind,
       p.procost as cost,
       p.prorows as rows,
       p.proleakproof as leakproof,
       case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel,
       (
           select json_build_array(sn.nspname, s.proname)
           from pg_proc as s
           join pg_namespace as sn on sn.oid = s.pronamespace
           where s.oid = p.prosupport
       ) as support,
       (
           select json_agg(json_build_array(split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)))
           from unnest(p.proconfig) as setting
           where setting not like 'search\_path=%%'
       ) as settings,
       pg_get_userbyid(p.proowner)::text as owner,
       obj_description(p.oid, 'pg_proc') as comment
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_proc as p on p.pronamespace = n.oid and p.proname = asked.name
