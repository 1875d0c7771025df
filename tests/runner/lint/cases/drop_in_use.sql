-- broken: a function's table
create table notes (id int);
-- then:
drop table notes;
-- also 06_y/repeatable/f.sql:
create or replace function f() returns int language plpgsql as $$ begin return (select count(*) from public.notes); end $$;
-- finds: error: table notes: is dropped while 06_y/repeatable/f.sql still uses it
-- broken: a function that others call
create function g(a int) returns int language sql as 'select 1';
-- then:
drop function public.g(int);
-- also 06_y/repeatable/f.sql:
create or replace function f() returns int language plpgsql as $$ begin return public.g(1); end $$;
-- also 06_y/repeatable/h.sql:
create or replace function h() returns int language plpgsql as $$ begin return public.g(2); end $$;
-- finds: error: function g: is dropped while 06_y/repeatable/f.sql and 1 more still uses it
-- broken: a column
create table notes (id int, body text);
-- then:
alter table notes drop column body;
-- also 06_y/repeatable/f.sql:
create or replace function f() returns text language plpgsql as $$ begin return (select body from public.notes limit 1); end $$;
-- finds: warn: table notes: column body is dropped while 06_y/repeatable/f.sql still uses it
-- fine: nobody uses it
create table notes (id int);
-- then:
drop table notes;
-- also 06_y/repeatable/f.sql:
create or replace function f() returns int language sql as $$ select 1 $$;
-- fine: made again at once
create function g(a int) returns int language sql as 'select 1';
-- then:
drop function g(int);
create function g(a int) returns bigint language sql as 'select 1::bigint';
-- also 06_y/repeatable/f.sql:
create or replace function f() returns int language plpgsql as $$ begin return public.g(1); end $$;
-- fine: another schema's
create schema crm; create table crm.notes (id int);
-- then:
drop table crm.notes;
-- also 06_y/repeatable/f.sql:
create or replace function f() returns int language plpgsql as $$ begin return (select count(*) from public.notes); end $$;
