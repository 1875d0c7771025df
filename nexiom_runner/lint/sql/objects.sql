-- One row per kind of object of the schemas with how many there are, and one per schema that is there, with its name.
with schema as (
    select n.oid, n.nspname::text as name from pg_namespace as n where n.nspname = any({schemas}::text[])
)
select case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'view'
           when 'f' then 'table' when 'i' then 'index' when 'I' then 'index' when 'S' then 'sequence' else 'type' end as kind,
       count(*)::text as number,
       null::text as name
from pg_class as c
join schema as s on s.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f', 'i', 'I', 'S')
group by 1
union all
select 'function', count(*)::text, null from pg_proc as p join schema as s on s.oid = p.pronamespace
union all
select 'policy', count(*)::text, null
from pg_policy as p
join pg_class as c on c.oid = p.polrelid
join schema as s on s.oid = c.relnamespace
union all
select 'constraint', count(*)::text, null from pg_constraint as k join schema as s on s.oid = k.connamespace where k.contype <> 'n'
union all
select 'schema', null, s.name from schema as s
