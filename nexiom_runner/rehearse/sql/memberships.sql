-- One row per membership: who is in which role, and whether they may pass it on. None in a role that reaches files.
select distinct
    of.rolname::text as role,
    member.rolname::text as member,
    pg_catalog.bool_or(m.admin_option) as admin
from pg_catalog.pg_auth_members as m
join pg_catalog.pg_roles as of on of.oid = m.roleid
join pg_catalog.pg_roles as member on member.oid = m.member
where of.rolname not in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_database_owner')
group by of.rolname, member.rolname
