-- One row a backend that executes this very statement, begun by a run that died: its pid.
select activity.pid
from pg_catalog.pg_stat_activity as activity
where
    activity.pid <> pg_catalog.pg_backend_pid()
    and activity.datname = pg_catalog.current_database()
    and activity.state = 'active'
    and pg_catalog.left(pg_catalog.regexp_replace(activity.query, '^/\* nexiom [0-9a-f]+ \*/ ', ''), 200)
    = pg_catalog.left(%(text)s, 200)
