-- One row where the database is there, none where it is not.
select 1 as there from pg_catalog.pg_database where datname = %(name)s
