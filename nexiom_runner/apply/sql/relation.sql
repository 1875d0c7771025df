-- At most one row: the relation of this name, in its schema or, where none is given, in public, else in extensions.
select
    class.oid,
    class.relkind::text as kind,
    namespace.nspname::text as schema,
    class.relname::text as name,
    index.indisvalid and index.indisready as valid,
    index.indrelid as of_table,
    exists (
        select from pg_catalog.pg_stat_progress_create_index as progress where progress.index_relid = class.oid
    ) as being_built
from pg_catalog.pg_class as class
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
left join pg_catalog.pg_index as index on index.indexrelid = class.oid
where
    class.relname = %(name)s
    and namespace.nspname::text = any (
        case when %(schema)s::text is null then array['public', 'extensions'] else array[%(schema)s::text] end
    )
order by namespace.nspname <> 'public'
limit 1
