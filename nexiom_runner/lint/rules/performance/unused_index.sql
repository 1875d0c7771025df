-- One row per index of a megabyte or more that no query has read while the table's other indexes were read a thousand times.
with read as (
    select s.indexrelid, s.indrelid, s.idx_scan, sum(s.idx_scan) over (partition by s.indrelid) as of_table
    from (
        select i.indexrelid, i.indrelid, pg_stat_get_numscans(i.indexrelid) as idx_scan
        from pg_index as i
        join pg_class as c on c.oid = i.indrelid
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname = any({schemas}::text[])
    ) as s
)
select 'index' as kind,
       n.nspname::text as schema,
       x.relname::text as name,
       t.relname::text as relation,
       null::text as types,
       format(
           'no query has read its %s, while the table''s other indexes were read %s times',
           pg_size_pretty(pg_relation_size(r.indexrelid)), r.of_table
       ) as message,
       format('drop index concurrently %I.%I;', n.nspname, x.relname) as fix,
       null::text as unless
from read as r
join pg_index as i on i.indexrelid = r.indexrelid
join pg_class as x on x.oid = r.indexrelid and x.relkind = 'i'
join pg_class as t on t.oid = r.indrelid
join pg_namespace as n on n.oid = t.relnamespace
where r.idx_scan = 0
  and r.of_table >= 1000
  and not i.indisunique
  and not i.indisexclusion
  and i.indisvalid
  and not exists (select from pg_constraint as k where k.conindid = r.indexrelid)
  and not exists (
      select
      from pg_constraint as k
      where k.contype = 'f'
        and k.conrelid = i.indrelid
        and k.conkey[1] = (i.indkey::int2[])[0]
  )
  and pg_relation_size(r.indexrelid) >= 1048576
order by 2, 4, 3
