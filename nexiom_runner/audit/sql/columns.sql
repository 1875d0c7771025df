-- One row per column of the relations asked for by oid, in their order.
select a.attrelid as relation,
       a.attname::text as name,
       format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as not_null,
       case when a.atthasdef then pg_get_expr(d.adbin, d.adrelid) end as default,
       case a.attidentity when 'a' then 'always' when 'd' then 'by default' else '' end as identity,
       a.attgenerated <> '' as generated
from pg_attribute as a
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any(%(relations)s::oid[])
  and a.attnum > 0
  and not a.attisdropped
order by a.attrelid, a.attnum
