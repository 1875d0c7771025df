-- One row: true once the lock of a run that is over is let go.
select pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended(%(run)s, 0)) as is_ended
