-- One row a database whose name begins so.
select datname::text as database from pg_catalog.pg_database where starts_with(datname::text, %(prefix)s) order by datname
