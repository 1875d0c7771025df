-- broken: nobody was granted it
create table notes (id int);
-- finds: table notes: no role of the API was granted it, service_role neither, and no phase states its grants
-- broken: what is granted reads and writes nothing
create table notes (id int);
grant references, trigger on notes to anon;
-- finds: table notes: no role of the API was granted it, service_role neither, and no phase states its grants
-- broken: a view
create view v as select 1 as id;
-- finds: view v: no role of the API was granted it, service_role neither, and no phase states its grants
-- fine: the service's
create table notes (id int);
grant select on notes to service_role;
-- fine: everybody's
create table notes (id int);
grant select on notes to public;
-- fine: one column
create table notes (id int);
grant select (id) on notes to anon;
-- fine: another schema
create schema crm;
create table crm.notes (id int);
