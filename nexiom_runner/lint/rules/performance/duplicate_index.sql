-- One row per index of which another one of the same table is an exact copy.
with described as (
    select i.indexrelid, i.indrelid, i.indisunique, c.relname,
           exists (select from pg_constraint as k where k.conindid = i.indexrelid) as of_constraint,
           (
               i.indrelid, c.relam, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text,
               i.indnkeyatts, coalesce(pg_get_expr(i.indexprs, i.indrelid), ''),
               coalesce(pg_get_expr(i.indpred, i.indrelid), '')
           )::text as shape
    from pg_index as i
    join pg_class as c on c.oid = i.indexrelid
    where i.indisvalid and c.relkind in ('i', 'I')
),
ranked as (
    select d.*,
           row_number() over better as rank,
           first_value(d.relname) over better as kept,
           first_value(d.indisunique) over better as unique_kept
    from described as d
    window better as (
        partition by d.shape
        order by d.of_constraint desc, d.indisunique desc, d.relname
        rows between unbounded preceding and unbounded following
    )
)
select 'index' as kind,
       n.nspname::text as schema,
       r.relname::text as name,
       t.relname::text as relation,
       null::text as types,
       format('is a copy of %I%s', r.kept, case when r.unique_kept and not r.indisunique then ', which is unique too' else '' end)
           as message,
       format('drop index %I.%I;', n.nspname, r.relname) as fix,
       null::text as unless
from ranked as r
join pg_class as t on t.oid = r.indrelid
join pg_namespace as n on n.oid = t.relnamespace
where r.rank > 1
  and not r.of_constraint
  and not t.relispartition
  and n.nspname = any({schemas}::text[])
order by 2, 4, 3
