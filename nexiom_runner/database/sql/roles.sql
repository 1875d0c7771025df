-- Nothing; makes the roles a platform has before the first phase, and the one that phases run as.
do $$
begin
    create role nexiom_owner login createrole bypassrls;
    create role anon nologin noinherit;
    create role authenticated nologin noinherit;
    create role service_role nologin noinherit bypassrls;
    create role authenticator login noinherit;
    grant anon, authenticated, service_role to authenticator;
    grant anon, authenticated, service_role, authenticator to nexiom_owner with admin option;
    -- Before 16 CREATEROLE may grant any role that is no superuser, these three too: a way to the server's shell.
    if current_setting('server_version_num')::integer < 160000 then
        update pg_catalog.pg_authid set rolsuper = true
        where rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files');
    end if;
end
$$
