-- One row per sequence asked for by schema and name; its last value only where the role may see it.
select n.nspname::text as schema,
       c.relname::text as name,
       format_type(s.seqtypid, null) as type,
       s.seqstart::text as start,
       s.seqincrement::text as increment,
       s.seqmin::text as minimum,
       s.seqmax::text as maximum,
       s.seqcache::text as cache,
       s.seqcycle as cycle,
       (
           select json_build_array(tn.nspname, t.relname, a.attname)
           from pg_depend as d
           join pg_class as t on t.oid = d.refobjid
           join pg_namespace as tn on tn.oid = t.relnamespace
           join pg_attribute as a on a.attrelid = t.oid and a.attnum = d.refobjsubid
           where d.classid = 'pg_class'::regclass
             and d.objid = c.oid
             and d.refclassid = 'pg_class'::regclass
             and d.deptype in ('a', 'i')
             and d.refobjsubid > 0
       ) as owned_by,
       may.see,
       case when may.see then pg_sequence_last_value(c.oid::regclass) end as last_value,
       pg_get_userbyid(c.relowner)::text as owner,
       obj_description(c.oid, 'pg_class') as comment,
       __grants(c.relacl, c.relowner, s, S, c.relnamespace)__ as grants
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name
join pg_sequence as s on s.seqrelid = c.oid
cross join lateral (select has_sequence_privilege(c.oid, 'select, usage') as see) as may
