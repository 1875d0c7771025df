-- One row: whether this transaction now holds the lock of the project in this database.
select pg_catalog.pg_try_advisory_xact_lock(7237145, pg_catalog.hashtext({project})) as locked
