-- One row: whether this role may make databases, and whether the one it is connected to is its own to copy.
select
    r.rolsuper or r.rolcreatedb as creates,
    r.rolsuper or d.datistemplate or pg_catalog.pg_has_role(d.datdba, 'usage') as owns
from pg_catalog.pg_database as d
cross join pg_catalog.pg_roles as r
where d.datname = pg_catalog.current_database() and r.rolname = current_user
