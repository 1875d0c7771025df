-- One row per domain asked for by schema and name, its checks as a list.
select n.nspname::text as schema,
       t.typname::text as name,
       format_type(t.typbasetype, t.typtypmod) as type,
       t.typnotnull as not_null,
       pg_get_expr(t.typdefaultbin, 0) as default,
       case when t.typcollation <> base.typcollation then (
           select json_build_array(cn.nspname, c.collname)
           from pg_collation as c
           join pg_namespace as cn on cn.oid = c.collnamespace
           where c.oid = t.typcollation
       ) end as collation,
       (
           select json_agg(json_build_object('item', k.conname, 'definition', pg_get_constraintdef(k.oid)) order by k.conname)
           from pg_constraint as k
           where k.contypid = t.oid and k.contype = 'c'
       ) as constraints,
       pg_get_userbyid(t.typowner)::text as owner,
       obj_description(t.oid, 'pg_type') as comment,
       __grants(t.typacl, t.typowner, T, T, t.typnamespace)__ as grants
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_type as t on t.typnamespace = n.oid and t.typname = asked.name
join pg_type as base on base.oid = t.typbasetype
where t.typtype = 'd'
