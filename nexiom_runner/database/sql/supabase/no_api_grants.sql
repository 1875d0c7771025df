-- Nothing; takes from the API roles what new objects in public gave them before 2026-10-30. Sent whole.
-- TRUNCATE, REFERENCES and TRIGGER stay, and EXECUTE that PUBLIC has on every new function: so it is when hosted.
-- Source: supabase.com/changelog/45329, and the statements that the Supabase CLI runs for a new local database.
alter default privileges for role postgres in schema public
    revoke select, insert, update, delete on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
    revoke usage, select on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
    revoke execute on functions from anon, authenticated, service_role;
