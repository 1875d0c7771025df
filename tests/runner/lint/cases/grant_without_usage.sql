-- broken: granted in a closed schema
create schema crm;
create table crm.leads (id int);
grant select on crm.leads to anon;
-- finds: table crm.leads: anon was granted, and may not use schema crm: the grant is without effect until somebody opens the schema
-- broken: two roles, a view
create schema crm;
create view crm.leads as select 1 as id;
grant select on crm.leads to anon, authenticated;
-- finds: view crm.leads: anon, authenticated were granted, and may not use schema crm: the grant is without effect until somebody opens the schema
-- broken: opened for one of them
create schema crm; grant usage on schema crm to authenticated;
create table crm.leads (id int);
grant select on crm.leads to anon, authenticated;
-- finds: table crm.leads: anon was granted, and may not use schema crm: the grant is without effect until somebody opens the schema
-- fine: the schema is open
create schema crm; grant usage on schema crm to anon;
create table crm.leads (id int);
grant select on crm.leads to anon;
-- fine: open to everybody
create schema crm; grant usage on schema crm to public;
create table crm.leads (id int);
grant select on crm.leads to anon;
-- fine: the service's
create schema crm;
create table crm.leads (id int);
grant select on crm.leads to service_role;
