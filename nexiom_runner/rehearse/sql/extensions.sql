-- One row per extension of the database.
select extname::text as name from pg_catalog.pg_extension where extname <> 'plpgsql' order by extname
