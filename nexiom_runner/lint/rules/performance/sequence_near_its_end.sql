-- One row per sequence, or integer key fed by one, that has used three quarters of what it can number.
with fed as (
    select s.oid, s.relname, s.relnamespace, t.relname as "table", a.attname as column,
           case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647
               else 9223372036854775807 end::numeric as largest
    from pg_class as s
    left join pg_depend as d on d.classid = 'pg_class'::regclass and d.objid = s.oid
        and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
    left join pg_class as t on t.oid = d.refobjid
    left join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where s.relkind = 'S'
)
select 'sequence' as kind,
       n.nspname::text as schema,
       f.relname::text as name,
       null::text as relation,
       null::text as types,
       format(
           '%s of %s numbers are used%s',
           round(100 * v.last / v.most) || ' %', to_char(v.most, 'FM999G999G999G999G999G999G999'),
           case when f.column is null then '' else format('; they are the %I of %I', f.column, f."table") end
       ) as message,
       case when f.column is null then format('alter sequence %I.%I as bigint;', n.nspname, f.relname)
           else format('alter table %I.%I alter column %I type bigint;', n.nspname, f."table", f.column) end as fix,
       null::text as unless
from fed as f
join pg_namespace as n on n.oid = f.relnamespace
join pg_sequence as q on q.seqrelid = f.oid
join lateral (select case when q.seqcycle then null else pg_sequence_last_value(f.oid)::numeric end as last,
                     least(q.seqmax::numeric, f.largest) as most) as v on true
where q.seqincrement > 0
  and n.nspname = any({schemas}::text[])
  and v.last >= 0.75 * v.most
order by 2, 3
