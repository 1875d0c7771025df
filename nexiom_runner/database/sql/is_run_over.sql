-- One row: whether no session is of that run any more; then this one holds its lock alone, until it says that the run has ended.
select pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended(%(run)s, 0)) as is_over
