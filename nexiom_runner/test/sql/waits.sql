-- One row: whether the session of that pid waits for a lock that another holds.
select pg_catalog.cardinality(pg_catalog.pg_blocking_pids(%(pid)s)) > 0 as waits
