-- One row; the session is counted as one of the run's until it ends.
select pg_catalog.pg_advisory_lock_shared(pg_catalog.hashtextextended(%(run)s, 0)) is null as is_joined
