-- One row: true once the session is no longer counted as one of the run's.
select pg_catalog.pg_advisory_unlock_shared(pg_catalog.hashtextextended(%(run)s, 0)) as is_left
