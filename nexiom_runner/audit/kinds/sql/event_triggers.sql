-- One row per event trigger asked for by name.
select '' as schema,
       e.evtname::text as name,
       e.evtevent::text as event,
       array_to_json(e.evttags) as tags,
       (
           select json_build_array(n.nspname, f.proname)
           from pg_proc as f
           join pg_namespace as n on n.oid = f.pronamespace
           where f.oid = e.evtfoid
       ) as function,
       case e.evtenabled when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica' else 'always' end
           as enabled,
       pg_get_userbyid(e.evtowner)::text as owner,
       obj_description(e.oid, 'pg_event_trigger') as comment
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_event_trigger as e on e.evtname = asked.name
