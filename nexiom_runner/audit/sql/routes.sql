-- One row per way that the catalog knows from a function or table (`kind`, `source`) on to another.
select 'body' as route, d.objid::int8 as source, d.refclassid = 'pg_proc'::regclass as to_function,
       d.refobjid::int8 as target, a.attname::text as "column", null::text[] as events
from pg_depend as d
join pg_proc as p on p.oid = d.objid and (p.prosqlbody is not null or p.prokind = 'a')
left join pg_attribute as a on d.refclassid = 'pg_class'::regclass and a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    and a.attnum > 0
where d.classid = 'pg_proc'::regclass and d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass)
union all
select case w.ev_type when '1' then 'view' else 'rule' end, w.ev_class::int8, d.refclassid = 'pg_proc'::regclass,
       d.refobjid::int8, a.attname::text,
       array[case w.ev_type when '1' then 'select' when '2' then 'update' when '3' then 'insert' else 'delete' end]
from pg_rewrite as w
join pg_class as c on c.oid = w.ev_class
join pg_namespace as n on n.oid = c.relnamespace
join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
    and d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass) and d.refobjid <> w.ev_class
left join pg_attribute as a on d.refclassid = 'pg_class'::regclass and a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    and a.attnum > 0
where n.nspname not in ('pg_catalog', 'information_schema')
union all
select 'trigger', t.tgrelid::int8, true, t.tgfoid::int8, null,
       array_remove(
           array[
               case when t.tgtype & 4 <> 0 then 'insert' end, case when t.tgtype & 8 <> 0 then 'delete' end,
               case when t.tgtype & 16 <> 0 then 'update' end, case when t.tgtype & 32 <> 0 then 'truncate' end
           ],
           null
       )
from pg_trigger as t
where not t.tgisinternal and t.tgenabled <> 'D'
union all
select 'default', f.adrelid::int8, true, d.refobjid::int8, null, array['insert', 'update']
from pg_attrdef as f
join pg_depend as d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_proc'::regclass
union all
select 'check', k.conrelid::int8, true, d.refobjid::int8, null, array['insert', 'update']
from pg_constraint as k
join pg_depend as d on d.classid = 'pg_constraint'::regclass and d.objid = k.oid and d.refclassid = 'pg_proc'::regclass
where k.contype = 'c' and k.conrelid <> 0
union all
select 'foreign key', k.confrelid::int8, false, k.conrelid::int8, null,
       array_remove(
           array[
               case when k.confdeltype in ('c', 'n', 'd') then 'delete' end,
               case when k.confupdtype in ('c', 'n', 'd') then 'update' end
           ],
           null
       )
from pg_constraint as k
where k.contype = 'f'
union all
select 'part', i.inhparent::int8, false, i.inhrelid::int8, null, null
from pg_inherits as i
order by 1, 2, 4, 5
