-- Nothing; makes a database one that nobody connects to, so that it can always be copied.
alter database {name} with allow_connections false
