-- One row per index that is not valid, or not ready: written by every change, read by no query.
select 'index' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       t.relname::text as relation,
       null::text as types,
       case
           when c.relkind = 'I' then 'is not valid: a partition has no such index yet'
           else 'is not valid: every change writes it and no query reads it'
       end as message,
       case
           when c.relkind = 'I' then format('create the index on every partition and attach it to %I', c.relname)
           else format('drop index concurrently %I.%I;', n.nspname, c.relname)
       end as fix,
       null::text as unless
from pg_index as i
join pg_class as c on c.oid = i.indexrelid
join pg_class as t on t.oid = i.indrelid
join pg_namespace as n on n.oid = t.relnamespace
where not (i.indisvalid and i.indisready)
  and n.nspname = any({schemas}::text[])
order by 2, 4, 3
