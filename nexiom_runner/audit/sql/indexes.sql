-- One row per index of the relations asked for by oid: its flags, and its definition as CREATE INDEX would write it.
select i.indrelid as relation,
       c.relname::text as name,
       pg_get_indexdef(i.indexrelid) as definition,
       i.indisunique as unique,
       i.indisprimary as primary,
       i.indisvalid as valid
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
where i.indrelid = any(%(relations)s::oid[])
order by i.indrelid, c.relname
