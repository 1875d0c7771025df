-- One row nobody reads: a commit that waits until all that was committed before it, without waiting, is on disk.
select pg_catalog.pg_logical_emit_message(true, 'nexiom', 'applied')
