-- One row an index that a concurrent rebuild left behind and nobody builds: of the table, of the index, or of all.
select namespace.nspname::text as schema, class.relname::text as name
from pg_catalog.pg_index as index
join pg_catalog.pg_class as class on class.oid = index.indexrelid
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
where
    not index.indisvalid
    and class.relkind = 'i'
    and namespace.nspname not like 'pg\_%%'
    and class.relname ~ '_cc(new|old)[0-9]*$'
    and (%(table)s::pg_catalog.oid is null or index.indrelid = %(table)s::pg_catalog.oid)
    and not exists (
        select from pg_catalog.pg_stat_progress_create_index as progress where progress.index_relid = class.oid
    )
order by 1, 2
