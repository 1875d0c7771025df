-- One row per column of the relations asked for by oid, in their order.
select a.attrelid as relation,
       a.attname::text as name,
       format_type(a.atttypid, a.atttypmod) as type,
       a.attnotnull as not_null,
       case when a.atthasdef then pg_get_expr(d.adbin, d.adrelid) end as default,
       case a.attidentity when 'a' then 'always' when 'd' then 'by default' else '' end as identity,
       case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' else '' end as generated,
       case when a.attcollation not in (0, 100) then (  -- neither none nor the database's own
           select format('%%I.%%I', n.nspname, c.collname)
           from pg_collation as c
           join pg_namespace as n on n.oid = c.collnamespace
           join pg_type as t on t.oid = a.atttypid
           where c.oid = a.attcollation and t.typcollation <> a.attcollation
       ) end as collation
from pg_attribute as a
left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any(%(relations)s::oid[])
  and a.attnum > 0
  and not a.attisdropped
order by a.attrelid, a.attnum
