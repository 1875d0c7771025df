-- broken: past the row security of its table
create table leads (id int);
alter table leads enable row level security;
create view open_leads as select id from leads;
grant select on open_leads to anon;
-- finds: view open_leads: anon may read it, and with its owner's rights it reads public.leads, past its row security
-- broken: what the role may not select
create table salaries (id int);
create view paid as select count(*) from salaries;
grant select on paid to authenticated;
-- finds: view paid: authenticated may read it, and with its owner's rights it reads public.salaries, which they may not
-- broken: through another view
create table leads (id int);
alter table leads enable row level security;
create view inner_view as select id from leads;
create view outer_view as select id from inner_view;
grant select on outer_view to authenticated;
-- finds: view outer_view: authenticated may read it, and with its owner's rights it reads public.leads, past its row security
-- broken: security_invoker said to be off
create table leads (id int);
alter table leads enable row level security;
create view open_leads with (security_invoker = false) as select id from leads;
grant select on open_leads to anon;
-- finds: view open_leads: anon may read it, and with its owner's rights it reads public.leads, past its row security
-- fine: with the rights of whoever reads it
create table leads (id int);
alter table leads enable row level security;
create view open_leads with (security_invoker = true) as select id from leads;
grant select on open_leads to anon;
-- fine: the role reads the table anyway
create table colours (name text);
grant select on colours to anon;
create view warm as select name from colours;
grant select on warm to anon;
-- fine: no API role may read the view
create table leads (id int);
alter table leads enable row level security;
create view open_leads as select id from leads;
grant select on open_leads to service_role;
-- fine: security_invoker written another way
create table leads (id int);
alter table leads enable row level security;
create view open_leads with (security_invoker) as select id from leads;
grant select on open_leads to anon;
-- fine: it reads no table of anybody's
create view now_is as select now();
grant select on now_is to anon;
