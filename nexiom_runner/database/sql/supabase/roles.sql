-- Nothing; makes the roles that a project on Supabase has, with their settings. Sent whole, by supabase_admin.
create role postgres login createrole createdb replication bypassrls;
create role anon nologin;
create role authenticated nologin;
create role service_role nologin bypassrls;
create role authenticator login noinherit;
create role dashboard_user nologin createrole createdb replication;
create role pgbouncer login;
create role supabase_auth_admin login noinherit;
create role supabase_storage_admin login noinherit createrole;
create role supabase_realtime_admin login noinherit createrole replication;
create role supabase_functions_admin login noinherit createrole;
create role supabase_replication_admin login replication;
create role supabase_etl_admin login replication;
create role supabase_read_only_user login bypassrls;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role postgres set search_path = "$user", public, extensions;
alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_auth_admin set idle_in_transaction_session_timeout = 60000;
alter role supabase_storage_admin set search_path = storage;
alter role supabase_realtime_admin set search_path = realtime;

grant anon, authenticated, service_role to authenticator;
grant authenticator to supabase_storage_admin;
grant pg_read_all_data, pg_monitor to supabase_read_only_user, supabase_etl_admin;
grant anon, authenticated, service_role, pg_monitor, pg_read_all_data, pg_signal_backend to postgres;
grant set on parameter session_replication_role, track_io_timing to postgres;

do $$
begin
    if current_setting('server_version_num')::integer >= 160000 then
        grant anon, authenticated, authenticator, service_role, pg_monitor, pg_read_all_data, pg_signal_backend
            to postgres with admin option;
        grant pg_create_subscription to postgres;
    else
        -- Before 16 CREATEROLE may grant any role that is no superuser, these three too: a way to the server's shell.
        update pg_catalog.pg_authid set rolsuper = true
        where rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files');
    end if;
end
$$;
