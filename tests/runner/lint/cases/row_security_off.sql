-- broken: anon may read it
create table notes (id int);
grant select on notes to anon;
-- finds: table notes: row security is off, and anon may select every row
-- broken: everybody may write it
create table notes (id int);
grant insert, delete on notes to public;
-- finds: table notes: row security is off, and PUBLIC, anon, authenticated may delete, insert every row
-- broken: one column is granted
create table notes (id int, secret text);
grant select (id) on notes to authenticated;
-- finds: table notes: row security is off, and authenticated may select every row
-- broken: a partitioned table, and the partition that is granted too
create table events (id int, at date) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
grant select on events, events_2026 to authenticated;
alter table events enable row level security;
-- finds: table events_2026: row security is off, and authenticated may select every row
-- broken: names that need quotes, another schema
create schema "Été"; grant usage on schema "Été" to anon;
create table "Été"."Ma table" (id int);
grant update on "Été"."Ma table" to anon;
-- finds: table "Été"."Ma table": row security is off, and anon may update every row
-- fine: row security is on
create table notes (id int);
grant select on notes to anon;
alter table notes enable row level security;
-- fine: the service's role alone
create table notes (id int);
grant all on notes to service_role;
-- fine: nobody may enter its schema
create schema crm;
create table crm.notes (id int);
grant select on crm.notes to anon;
-- fine: what may be done reads no row
create table notes (id int);
grant references, trigger on notes to anon;
-- fine: a view
create table notes (id int);
create view shown as select id from notes;
grant select on shown to anon;
