-- broken: a copy of what policies guard
create table leads (id int);
create materialized view sums as select count(*) as n from leads;
grant select on sums to anon;
-- finds: materialized view sums: anon may read all of it: a materialized view has no row security
-- broken: one column
create materialized view sums as select 1 as n, 2 as m;
grant select (n) on sums to authenticated;
-- finds: materialized view sums: authenticated may read all of it: a materialized view has no row security
-- broken: everybody
create schema crm; grant usage on schema crm to public;
create materialized view crm.sums as select 1 as n;
grant select on crm.sums to public;
-- finds: materialized view crm.sums: anon, authenticated, PUBLIC may read all of it: a materialized view has no row security
-- fine: the service's
create materialized view sums as select 1 as n;
grant select on sums to service_role;
-- fine: a view
create view sums as select 1 as n;
grant select on sums to anon;
-- fine: in a schema that nobody may enter
create schema crm;
create materialized view crm.sums as select 1 as n;
grant select on crm.sums to anon;
