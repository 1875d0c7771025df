-- One row per table without a primary key.
select 'table' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       null::text as relation,
       null::text as types,
       case
           when u.name is null then 'has no primary key'
           else format('has no primary key; unique index %I would serve as one', u.name)
       end as message,
       case
           when u.name is null then format('alter table %I.%I add primary key (…);', n.nspname, c.relname)
           else format('alter table %I.%I add primary key using index %I;', n.nspname, c.relname, u.name)
       end as fix,
       null::text as unless
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
left join lateral (
    select x.relname as name
    from pg_index as i
    join pg_class as x on x.oid = i.indexrelid
    where i.indrelid = c.oid
      and i.indisunique
      and i.indisvalid
      and i.indimmediate
      and i.indpred is null
      and i.indexprs is null
      and not exists (
          select
          from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) as k(number)
          join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.number
          where not a.attnotnull
      )
      and not exists (select from pg_constraint as t where t.conindid = i.indexrelid)
    order by x.relname
    limit 1
) as u on true
where c.relkind in ('r', 'p')
  and not c.relispartition
  and c.relpersistence <> 't'
  and n.nspname = any({schemas}::text[])
  and not exists (select from pg_index as i where i.indrelid = c.oid and i.indisprimary)
  and not exists (
      select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
order by 2, 3
