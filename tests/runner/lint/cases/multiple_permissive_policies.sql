-- broken: two for select
create table notes (id int); alter table notes enable row level security; grant select on notes to anon;
create policy a on notes for select using (id > 0);
create policy b on notes for select using (id < 9);
-- finds: table notes: anon is checked against several policies for select: a, b
-- broken: one for all beside one for select
create table notes (id int); alter table notes enable row level security; grant select, update on notes to authenticated;
create policy a on notes to authenticated using (id > 0);
create policy b on notes for select to authenticated using (id < 9);
-- finds: table notes: authenticated is checked against several policies for select: a, b
-- broken: for both roles and two commands
create table notes (id int); alter table notes enable row level security;
grant insert, delete on notes to anon, authenticated;
create policy a on notes using (id > 0);
create policy "B" on notes using (id < 9);
-- finds: table notes: anon, authenticated is checked against several policies for delete, insert: "B", a
-- fine: one for each command
create table notes (id int); alter table notes enable row level security; grant select, insert on notes to anon;
create policy a on notes for select using (id > 0);
create policy b on notes for insert with check (id < 9);
-- fine: one for each role
create table notes (id int); alter table notes enable row level security; grant select on notes to anon, authenticated;
create policy a on notes for select to anon using (id > 0);
create policy b on notes for select to authenticated using (id < 9);
-- fine: the second narrows
create table notes (id int); alter table notes enable row level security; grant select on notes to anon;
create policy a on notes for select using (id > 0);
create policy b on notes as restrictive for select using (id < 9);
-- fine: the role has no such privilege
create table notes (id int); alter table notes enable row level security; grant select on notes to anon;
create policy a on notes for update using (id > 0);
create policy b on notes for update using (id < 9);
