-- One row: whether the index is the one that was made on the empty table, but for its name and table.
select
    made.indisunique = there.indisunique
    and pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(made.indexrelid), '^.*? USING ', '')
    = pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(there.indexrelid), '^.*? USING ', '') as same
from pg_catalog.pg_index as made
cross join pg_catalog.pg_index as there
where made.indrelid = 'pg_temp.nexiom_probe'::pg_catalog.regclass and there.indexrelid = {index}::pg_catalog.oid
