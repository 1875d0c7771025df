-- One row per relation asked for by schema and name: what it is besides its columns, indexes and grants.
select n.nspname::text as schema,
       c.relname::text as name,
       case c.relkind
           when 'r' then 'table'
           when 'p' then 'partitioned table'
           when 'v' then 'view'
           when 'm' then 'materialized view'
           else 'foreign table'
       end as kind,
       case c.relpersistence when 'p' then 'permanent' when 'u' then 'unlogged' else 'temporary' end as persistence,
       c.relforcerowsecurity as force_row_security,
       case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_by,
       parent.name as partition_of,
       pg_get_expr(c.relpartbound, c.oid) as bounds,
       parent.key_types,
       pg_get_userbyid(c.relowner)::text as owner,
       obj_description(c.oid, 'pg_class') as comment,
       coalesce(option.security_invoker, false) as security_invoker,
       coalesce(option.security_barrier, false) as security_barrier,
       coalesce(option.check_option, 'none') as check_option,
       c.relispopulated as populated
from json_to_recordset(%(asked)s::json) as asked(schema text, name text)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name
left join lateral (
    select json_build_array(pn.nspname, p.relname) as name,
           (
               select json_agg(format_type(a.atttypid, a.atttypmod) order by k.position)
               from pg_partitioned_table as t
               cross join unnest(t.partattrs::int2[]) with ordinality as k(number, position)
               left join pg_attribute as a on a.attrelid = p.oid and a.attnum = k.number
               where t.partrelid = p.oid
           ) as key_types
    from pg_inherits as i
    join pg_class as p on p.oid = i.inhparent
    join pg_namespace as pn on pn.oid = p.relnamespace
    where i.inhrelid = c.oid and c.relispartition
) as parent on true
left join lateral (
    select bool_or(o.option_value::boolean) filter (where o.option_name = 'security_invoker') as security_invoker,
           bool_or(o.option_value::boolean) filter (where o.option_name = 'security_barrier') as security_barrier,
           max(o.option_value) filter (where o.option_name = 'check_option') as check_option
    from pg_options_to_table(c.reloptions) as o
    where o.option_name in ('security_invoker', 'security_barrier', 'check_option')
) as option on true
where c.relkind in ('r', 'p', 'v', 'm', 'f')
