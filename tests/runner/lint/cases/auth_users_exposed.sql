-- broken: everybody reads the addresses
create schema auth; create table auth.users (id uuid, email text);
create view people as select id, email from auth.users;
grant select on people to anon;
-- finds: view people: shows anon accounts out of auth.users
-- broken: a materialized view keeps a copy
create schema auth; create table auth.users (id uuid, email text);
create materialized view people as select id from auth.users;
grant select on people to public;
-- finds: materialized view people: shows PUBLIC, anon, authenticated accounts out of auth.users
-- broken: through another view
create schema auth; create table auth.users (id uuid, email text);
create view inner_view as select id from auth.users;
create view outer_view as select id from inner_view;
grant select on outer_view to authenticated;
-- finds: view outer_view: shows authenticated accounts out of auth.users
-- fine: nobody of the API reads it
create schema auth; create table auth.users (id uuid, email text);
create view people as select id from auth.users;
grant select on people to service_role;
-- fine: a table of that name elsewhere
create schema crm; create table crm.users (id uuid);
create view people as select id from crm.users;
grant select on people to anon;
-- fine: with the rights of whoever reads it
create schema auth; create table auth.users (id uuid, email text);
create view people with (security_invoker = true) as select id from auth.users;
grant select on people to anon;
-- fine: another table of that schema
create schema auth; create table auth.providers (id uuid);
create view providers as select id from auth.providers;
grant select on providers to anon;
