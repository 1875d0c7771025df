-- broken: a function is everybody's again
-- 01_a/apply.sql:
create function f(a int) returns int language sql as 'select 1';
revoke execute on function f(int) from public;
-- 02_b/apply.sql:
drop function f(int);
create function f(b int) returns int language sql as 'select 1';
-- finds: 02_b/apply.sql:2: function f: is dropped and made again, and what phases/01_a/apply.sql:2 granted or revoked is gone: EXECUTE is everybody's again
-- broken: a view that nobody reads any more
-- 01_a/apply.sql:
create view crm.v as select 1 as id;
grant select on crm.v to anon;
-- 02_b/apply.sql:
drop view crm.v;
create view crm.v as select 1 as id, 2 as n;
-- finds: 02_b/apply.sql:2: view crm.v: is dropped and made again, and what phases/01_a/apply.sql:2 granted or revoked is gone
-- broken: a table
-- 01_a/apply.sql:
create table t (id int);
grant select on table t to authenticated;
drop table if exists t;
create table t (id int, n int);
-- finds: 01_a/apply.sql:4: table t: is dropped and made again, and what phases/01_a/apply.sql:2 granted or revoked is gone
-- fine: granted again
-- 01_a/apply.sql:
create function f(a int) returns int language sql as 'select 1';
revoke execute on function f(int) from public;
-- 02_b/apply.sql:
drop function f(int);
create function f(b int) returns int language sql as 'select 1';
revoke execute on function f(int) from public;
-- fine: nothing was granted before
-- 01_a/apply.sql:
create view v as select 1 as id;
drop view v;
create view v as select 2 as id;
-- fine: replaced, which keeps the grants
-- 01_a/apply.sql:
create view v as select 1 as id;
grant select on v to anon;
-- 02_b/apply.sql:
create or replace view v as select 1 as id, 2 as n;
-- fine: dropped for good
-- 01_a/apply.sql:
create view v as select 1 as id;
grant select on v to anon;
-- 02_b/apply.sql:
drop view v;
