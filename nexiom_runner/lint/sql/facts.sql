-- One row per table asked for that is there, with its size, columns and checks; one per function; one of PostgREST.
select 'table' as kind,
       n.nspname::text as schema,
       c.relname::text as name,
       case when c.relkind = 'p' then (
           select sum(greatest(k.reltuples, 0))
           from pg_partition_tree(c.oid) as t
           join pg_class as k on k.oid = t.relid
           where t.isleaf
       ) else c.reltuples end::bigint as rows,
       case when c.relkind = 'p' then (
           select sum(pg_table_size(t.relid)) from pg_partition_tree(c.oid) as t where t.isleaf
       ) when c.relkind in ('r', 'm') then pg_table_size(c.oid) else 0 end::bigint as bytes,
       (
           select json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod))
           from pg_attribute as a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       )::text as columns,
       (
           select json_agg(pg_get_constraintdef(k.oid))
           from pg_constraint as k
           where k.conrelid = c.oid and k.contype = 'c' and k.convalidated
       )::text as checks,
       null::text as volatility
from unnest(%(schemas)s::text[], %(names)s::text[]) as asked(schema, name)
join pg_namespace as n on n.nspname = asked.schema
join pg_class as c on c.relnamespace = n.oid and c.relname = asked.name and c.relkind in ('r', 'p', 'm', 'f', 'v')
union all
select 'function', n.nspname, p.proname, null, null, null, null, max(p.provolatile::text)
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
where p.proname = any(%(functions)s::text[])
group by n.nspname, p.proname
union all
select 'postgrest', '', '', null, null, null, null, case when exists (
    select from pg_roles as r where r.rolname = 'authenticator'
) and not exists (
    select
    from pg_event_trigger as t
    join pg_proc as p on p.oid = t.evtfoid
    where t.evtenabled <> 'D' and p.prosrc ~* 'notify\s+pgrst'
) then 'untold' end
