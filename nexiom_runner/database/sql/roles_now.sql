-- One row a role of this server that is not PostgreSQL's own.
select rolname::text as role from pg_catalog.pg_roles where not starts_with(rolname, 'pg_') order by rolname
