-- broken: granted and shut
create table notes (id int);
alter table notes enable row level security;
grant select on notes to anon;
-- finds: table notes: anon was granted, and no policy lets it see or write a row
-- broken: the policy is another role's
create table notes (id int);
alter table notes enable row level security;
grant select, insert on notes to anon, authenticated;
create policy a on notes to service_role using (true);
-- finds: table notes: anon, authenticated were granted, and no policy lets them see or write a row
-- broken: a restrictive policy alone lets nobody in
create table notes (id int);
alter table notes enable row level security;
grant delete on notes to authenticated;
create policy a on notes as restrictive using (id > 0);
-- finds: table notes: authenticated was granted, and no policy lets it see or write a row
-- fine: a policy for it
create table notes (id int);
alter table notes enable row level security;
grant select on notes to anon;
create policy a on notes to anon using (id > 0);
-- fine: a policy for everybody
create table notes (id int);
alter table notes enable row level security;
grant select on notes to anon;
create policy a on notes using (id > 0);
-- fine: nobody of the API was granted it
create table notes (id int);
alter table notes enable row level security;
grant all on notes to service_role;
-- fine: row security is off, which is another rule's
create table notes (id int);
grant select on notes to anon;
