-- One row per relation of the target: its name, its size by the statistics, whether the role may read it as pg_dump
-- must, which locks tables but those of extensions. Of a partitioned table the size is the sum of its partitions'; rows
-- are -1 where nobody ever counted them.
select
    pg_catalog.format('%%I.%%I', n.nspname, c.relname) as identity,
    n.nspname::text as schema,
    c.relname::text as name,
    c.relkind::text as kind,
    c.reltuples as tuples,
    c.relpages as pages,
    case
        when c.relkind = 'p' then coalesce(
            (
                select sum(k.reltuples)
                from pg_catalog.pg_partition_tree(c.oid) as t
                join pg_catalog.pg_class as k on k.oid = t.relid
                where t.isleaf and k.reltuples >= 0
            ),
            -1
        )
        else c.reltuples
    end::bigint as rows,
    case
        when c.relkind = 'p' then coalesce(
            (
                select sum(k.relpages)
                from pg_catalog.pg_partition_tree(c.oid) as t
                join pg_catalog.pg_class as k on k.oid = t.relid
                where t.isleaf
            ),
            0
        )
        else c.relpages
    end::bigint * pg_catalog.current_setting('block_size')::bigint as bytes,
    c.relkind not in ('r', 'p')
    or (pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select'))
    or exists (
        select
        from pg_catalog.pg_depend as d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    ) as readable
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.oid >= 16384
  and c.relkind in ('r', 'p', 'm', 'i', 'v', 'S', 'f')
  and n.nspname !~ '^pg_(toast|temp)'
order by n.nspname, c.relname
