-- One row: the server's process that answers.
select pg_catalog.pg_backend_pid() as pid
