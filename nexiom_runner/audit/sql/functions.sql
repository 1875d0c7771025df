-- One row per function, procedure or aggregate asked for by schema and name, its arguments as arrays of equal length.
select n.nspname::text as schema,
       p.proname::text as name,
       p.oid,
       case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' when 'w' then 'window' else 'function' end
           as kind,
       pg_get_userbyid(p.proowner)::text as owner,
       l.lanname::text as language,
       case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
       case when p.prosecdef then 'definer' else 'invoker' end as security,
       p.proisstrict as strict,
       p.proretset as returns_set,
       case when p.prokind <> 'p' then format_type(p.prorettype, null) end as returns,
       (select substr(setting, 13) from unnest(p.proconfig) as setting where setting like 'search\_path=%%')
           as search_path,
       p.proargnames as argument_names,
       p.proargmodes::text[] as argument_modes,
       (
           select array_agg(format_type(t.oid, null) order by t.position)
           from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality as t(oid, position)
       ) as argument_types,
       case when p.pronargdefaults > 0 then (
           select array_agg(pg_get_function_arg_default(p.oid, g) order by g)
           from generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs)) as g
       ) end as argument_defaults
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_proc as p on p.pronamespace = n.oid and p.proname = asked.name
join pg_language as l on l.oid = p.prolang
order by n.nspname, p.proname, p.pronargs, p.oid
