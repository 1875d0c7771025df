-- broken: current_setting for every row
create table notes (id int, owner text);
create policy own on notes using (owner = current_setting('request.jwt.claims')::json ->> 'sub');
-- finds: policy own on notes: calls current_setting() anew for every row
-- broken: the caller's id
create schema auth; create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create table notes (id int, owner uuid);
create policy own on notes using (owner = auth.uid());
-- finds: policy own on notes: calls auth.uid() anew for every row
-- broken: once well, once not
create schema auth; create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create function auth.jwt() returns jsonb language sql stable as 'select null::jsonb';
create table notes (id int, owner uuid);
create policy own on notes using (owner = (select auth.uid()) or auth.jwt() ->> 'role' = 'admin') with check (owner = auth.uid());
-- finds: policy own on notes: calls auth.jwt(), auth.uid() anew for every row
-- fine: asked once
create schema auth; create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create table notes (id int, owner uuid);
create policy own on notes using (owner = (select auth.uid()));
-- fine: asked once, the setting
create table notes (id int, owner text);
create policy own on notes using (owner = (select current_setting('request.jwt.claims')::json ->> 'sub'));
-- fine: a role, which is no function
create table notes (id int, owner name);
create policy own on notes using (owner = current_user);
-- fine: a function of the project's own of that name
create function uid() returns uuid language sql stable as 'select null::uuid';
create table notes (id int, owner uuid);
create policy own on notes using (owner = uid());
