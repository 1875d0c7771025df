-- One row per extension that this server can create.
select name::text as name from pg_catalog.pg_available_extensions
