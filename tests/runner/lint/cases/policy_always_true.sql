-- broken: everybody who signed in writes everything
create table notes (id int, owner uuid);
alter table notes enable row level security;
grant select, insert, update on notes to authenticated;
create policy notes_all on notes to authenticated using (true) with check (true);
-- finds: policy notes_all on notes: lets authenticated read and write every row: its using is always true
-- broken: anon inserts anything
create table notes (id int);
alter table notes enable row level security;
grant insert on notes to anon;
create policy notes_add on notes for insert with check (true);
-- finds: policy notes_add on notes: lets anon insert every row: its with check is always true
-- broken: for delete, and true in another dress
create table notes (id int);
alter table notes enable row level security;
grant delete on notes to authenticated;
create policy notes_delete on notes for delete to authenticated using (1 = 1);
-- finds: policy notes_delete on notes: lets authenticated delete every row: its using is always true
-- broken: a row that anybody may take
create table notes (id int, owner name);
alter table notes enable row level security;
grant update (owner) on notes to authenticated;
create policy notes_take on notes for update to authenticated using (true) with check (owner = current_user);
-- finds: policy notes_take on notes: lets authenticated update every row: its using is always true
-- fine: for select it publishes
create table notes (id int);
alter table notes enable row level security;
grant select on notes to anon;
create policy notes_read on notes for select using (true);
-- fine: the role may not write the table
create table notes (id int);
alter table notes enable row level security;
grant select on notes to authenticated;
create policy notes_all on notes to authenticated using (true);
-- fine: a restrictive policy only takes away
create table notes (id int);
alter table notes enable row level security;
grant update on notes to authenticated;
create policy notes_all on notes as restrictive to authenticated using (true);
-- fine: the service's
create table notes (id int);
alter table notes enable row level security;
grant all on notes to service_role;
create policy notes_all on notes to service_role using (true);
-- fine: a condition
create table notes (id int, owner name);
alter table notes enable row level security;
grant update on notes to authenticated;
create policy notes_all on notes to authenticated using (owner = current_user);
