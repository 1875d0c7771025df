-- One row where the message marked with a text still waits for a lock: whether its process was told to give up.
select pg_catalog.pg_cancel_backend(ours.pid) as cancelled
from pg_catalog.pg_stat_activity as ours
where
    ours.wait_event_type = 'Lock'
    and ours.state = 'active'
    and pg_catalog.strpos(ours.query, {mark}) > 0
    and ours.pid <> pg_catalog.pg_backend_pid()
