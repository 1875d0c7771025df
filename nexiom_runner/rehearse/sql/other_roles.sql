-- One row per role of this server that the target does not have, PostgreSQL's own and this session's left out.
select rolname::text as name
from pg_catalog.pg_roles
where rolname !~ '^pg_' and oid >= 16384 and rolname <> session_user and rolname <> all (%(known)s::text[])
