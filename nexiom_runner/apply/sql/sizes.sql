-- One row: about how many rows the largest of the tables has, [[schema, name], …] in JSON; of all tables where it is [].
-- Of a table that was never analysed, how many would fit into it; null where there is no such table.
select pg_catalog.max(coalesce(parts.rows, own.rows))::bigint as rows
from pg_catalog.pg_class as named
join pg_catalog.pg_namespace as schema on schema.oid = named.relnamespace
cross join (select pg_catalog.current_setting('block_size')::numeric as size) as blocks
cross join lateral (
    select case
        when named.reltuples >= 0 and named.relpages > 0
            then named.reltuples::numeric * pg_catalog.pg_relation_size(named.oid) / (blocks.size * named.relpages)
        else pg_catalog.pg_relation_size(named.oid)::numeric / 36
    end as rows
) as own
cross join lateral (
    select
        pg_catalog.sum(
            case
                when leaf.reltuples >= 0 and leaf.relpages > 0
                    then leaf.reltuples::numeric * pg_catalog.pg_relation_size(leaf.oid) / (blocks.size * leaf.relpages)
                else pg_catalog.pg_relation_size(leaf.oid)::numeric / 36
            end
        ) as rows
    from pg_catalog.pg_partition_tree(named.oid) as tree
    join pg_catalog.pg_class as leaf on leaf.oid = tree.relid
    where tree.isleaf and named.relkind = 'p'
) as parts
where
    named.relkind in ('r', 'p', 'm', 'f')
    and case
        when pg_catalog.json_array_length({tables}::pg_catalog.json) = 0
            then schema.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'nexiom')
        else exists (
            select
            from pg_catalog.json_array_elements({tables}::pg_catalog.json) as listed (pair)
            where listed.pair ->> 0 = schema.nspname and listed.pair ->> 1 = named.relname
        )
    end
