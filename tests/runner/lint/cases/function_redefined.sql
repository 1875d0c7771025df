-- broken: another default
-- 01_a/apply.sql:
create function f(a int default 1) returns int language sql as 'select 1';
-- 02_b/apply.sql:
drop function f(int);
create function f(b int) returns int language sql as 'select 1';
-- finds: 02_b/apply.sql:2: function f(integer): has other names of arguments, other defaults than in 01_a (phases/01_a/apply.sql:1), and 02_b states nothing of it
-- broken: other rights
-- 01_a/apply.sql:
create function f() returns int language sql stable as 'select 1';
-- 02_b/apply.sql:
create or replace function f() returns int language sql stable security definer as 'select 1';
-- finds: 02_b/apply.sql:1: function f(): has other rights than in 01_a (phases/01_a/apply.sql:1), and 02_b states nothing of it
-- broken: another result
-- 01_a/apply.sql:
create function f() returns table(id int) language sql stable as 'select 1';
-- 02_b/apply.sql:
drop function f();
create function f() returns table(id int, n text) language sql stable as 'select 1, ''''::text';
-- finds: 02_b/apply.sql:2: function f(): has another result than in 01_a (phases/01_a/apply.sql:1), and 02_b states nothing of it
-- fine: another body
-- 01_a/apply.sql:
create function f() returns int language sql as 'select 1';
-- 02_b/apply.sql:
create or replace function f() returns int language sql as 'select 2';
-- fine: the later phase says so
-- stated: 02_b f
-- 01_a/apply.sql:
create function f() returns int language sql stable as 'select 1';
-- 02_b/apply.sql:
create or replace function f() returns int language sql as 'select 1';
-- fine: in one phase
-- 01_a/apply.sql:
create function f() returns int language sql stable as 'select 1';
create or replace function f() returns int language sql as 'select 1';
-- fine: another overload
-- 01_a/apply.sql:
create function f(a int) returns int language sql as 'select 1';
-- 02_b/apply.sql:
create function f(a text) returns bigint language sql as 'select 1::bigint';
