-- One row a connection to the database that is ended, true once it is gone.
select pg_catalog.pg_terminate_backend(pid, 1000) as ended
from pg_catalog.pg_stat_activity
where datname = %(database)s and pid <> pg_catalog.pg_backend_pid()
