-- broken: SECURITY DEFINER and its path are gone
-- 01_a/apply.sql:
create function f() returns int language sql security definer set search_path = '' as 'select 1';
-- 02_b/apply.sql:
create or replace function f() returns int language sql as 'select 2';
-- finds: 02_b/apply.sql:1: function f(): replaces the function without security definer and set search_path = '', which it had: that is taken away
-- broken: what ALTER FUNCTION had set
-- 01_a/apply.sql:
create function f(a int) returns int language sql as 'select 1';
alter function f(int) stable;
-- 02_b/apply.sql:
select 1;
create or replace function public.f(a integer) returns int language sql as 'select 2';
-- finds: 02_b/apply.sql:2: function f(integer): replaces the function without stable, which it had: that is taken away
-- broken: in the same script
-- 01_a/apply.sql:
create function crm.f() returns int language sql immutable set timezone = 'UTC' as 'select 1';
create or replace function crm.f() returns int language sql immutable as 'select 2';
-- finds: 01_a/apply.sql:2: function crm.f(): replaces the function without set timezone = 'UTC', which it had: that is taken away
-- fine: all of it is said again
-- 01_a/apply.sql:
create function f() returns int language sql security definer set search_path = '' as 'select 1';
-- 02_b/apply.sql:
create or replace function f() returns int language sql security definer set search_path = '' as 'select 2';
-- fine: it is said that it is otherwise
-- 01_a/apply.sql:
create function f() returns int language sql stable security definer as 'select 1';
-- 02_b/apply.sql:
create or replace function f() returns int language sql volatile security invoker as 'select 2';
-- fine: given back at once
-- 01_a/apply.sql:
create function f() returns int language sql security definer as 'select 1';
-- 02_b/apply.sql:
create or replace function f() returns int language sql as 'select 2';
alter function f() security definer;
-- fine: another overload
-- 01_a/apply.sql:
create function f(a int) returns int language sql security definer as 'select 1';
-- 02_b/apply.sql:
create or replace function f(a text) returns int language sql as 'select 2';
-- fine: dropped before
-- 01_a/apply.sql:
create function f() returns int language sql security definer as 'select 1';
-- 02_b/apply.sql:
drop function f();
create or replace function f() returns int language sql as 'select 2';
