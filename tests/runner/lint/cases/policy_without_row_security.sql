-- broken: never switched on
create table notes (id int);
create policy own on notes using (id > 0);
-- finds: table notes: row security is off, so that own is without effect
-- broken: switched off again, two policies
create table notes (id int);
create policy a on notes using (id > 0);
create policy "B c" on notes for insert with check (id > 0);
alter table notes enable row level security;
alter table notes disable row level security;
-- finds: table notes: row security is off, so that "B c", a are without effect
-- broken: on a partitioned table
create table events (id int) partition by list (id);
create policy own on events using (id > 0);
-- finds: table events: row security is off, so that own is without effect
-- fine: switched on
create table notes (id int);
create policy own on notes using (id > 0);
alter table notes enable row level security;
-- fine: no policy at all
create table notes (id int);
-- fine: the policy was dropped
create table notes (id int);
create policy own on notes using (id > 0);
drop policy own on notes;
-- fine: a schema that is not the project's
create schema other;
create table other.notes (id int);
create policy own on other.notes using (id > 0);
