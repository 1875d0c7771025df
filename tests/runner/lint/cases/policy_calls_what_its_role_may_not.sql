-- broken: the function was hardened
create function is_mine(a int) returns boolean language sql as 'select true';
revoke execute on function is_mine from public;
create table notes (id int); alter table notes enable row level security;
grant select on notes to authenticated;
create policy own on notes to authenticated using (is_mine(id));
-- finds: policy own on notes: authenticated may not execute public.is_mine(integer), which it calls: every query of the table is refused
-- broken: a policy for everybody, and one role was forgotten
create function is_mine(a int) returns boolean language sql as 'select true';
revoke execute on function is_mine from public; grant execute on function is_mine to authenticated;
create table notes (id int); alter table notes enable row level security;
grant select on notes to anon, authenticated;
create policy own on notes using (is_mine(id));
-- finds: policy own on notes: anon may not execute public.is_mine(integer), which it calls: every query of the table is refused
-- broken: it may not enter the function's schema
create schema private;
create function private.is_mine(a int) returns boolean language sql as 'select true';
create table notes (id int); alter table notes enable row level security;
grant insert on notes to authenticated;
create policy own on notes for insert to authenticated with check (private.is_mine(id));
-- finds: policy own on notes: authenticated may not execute private.is_mine(integer), which it calls: every query of the table is refused
-- fine: granted
create function is_mine(a int) returns boolean language sql as 'select true';
revoke execute on function is_mine from public; grant execute on function is_mine to authenticated;
create table notes (id int); alter table notes enable row level security;
grant select on notes to authenticated;
create policy own on notes to authenticated using (is_mine(id));
-- fine: the role cannot query the table at all
create function is_mine(a int) returns boolean language sql as 'select true';
revoke execute on function is_mine from public;
create table notes (id int); alter table notes enable row level security;
create policy own on notes to authenticated using (is_mine(id));
-- fine: a function of PostgreSQL's own
create table notes (id int, owner text); alter table notes enable row level security;
grant select on notes to authenticated;
create policy own on notes to authenticated using (lower(owner) = current_user);
