-- broken: from a role, while everybody may
-- 01_a/apply.sql:
create function f(a int) returns int language sql as 'select 1';
revoke execute on function f(int) from anon, authenticated;
-- finds: 01_a/apply.sql:2: function f: takes nothing from anon, authenticated: PUBLIC may execute it, and they with it
-- broken: a default of one schema
-- 01_a/apply.sql:
alter default privileges in schema public revoke execute on functions from public;
-- finds: 01_a/apply.sql:1: statement alter default privileges: takes nothing away: PUBLIC has it on functions by a default of all schemas, to which a schema's only adds
-- broken: a column of a table that is granted whole
-- 01_a/apply.sql:
create table t (id int, secret text);
grant select on t to anon;
revoke select (secret) on t from anon;
-- finds: 01_a/apply.sql:3: table t: takes no column from anon: it holds select on the whole table (secret)
-- broken: revoked from everybody, then made anew
-- 01_a/apply.sql:
create function f() returns int language sql as 'select 1';
revoke execute on function f() from public;
drop function f();
create function f() returns bigint language sql as 'select 1::bigint';
revoke all on function f() from anon;
-- finds: 01_a/apply.sql:5: function f: takes nothing from anon: PUBLIC may execute it, and they with it
-- fine: from everybody and by name
-- 01_a/apply.sql:
create function f() returns int language sql as 'select 1';
revoke execute on function f() from public, anon;
-- fine: from everybody, in another statement
-- 01_a/apply.sql:
create function f() returns int language sql as 'select 1';
revoke execute on function f() from anon;
revoke execute on function f() from public;
-- fine: a default of all schemas
-- 01_a/apply.sql:
alter default privileges revoke execute on functions from public;
create function f() returns int language sql as 'select 1';
revoke execute on function f() from anon;
-- fine: columns that were granted as columns
-- 01_a/apply.sql:
create table t (id int, secret text);
grant select (id, secret) on t to anon;
revoke select (secret) on t from anon;
-- fine: the whole table was taken back before
-- 01_a/apply.sql:
create table t (id int, secret text);
grant select on t to anon;
revoke all on t from anon;
grant select (id, secret) on t to anon;
revoke select (secret) on t from anon;
