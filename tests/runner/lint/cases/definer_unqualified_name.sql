-- broken: a table, with the caller's path
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns bigint language plpgsql security definer as $$
begin
  return (select count(*) from leads);
end $$;
-- finds: 01_a/apply.sql:4: function f(): runs as its owner and says leads without a schema: its caller's search_path decides what that is
-- broken: a temporary table comes first
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns bigint language sql security definer set search_path = public as $$ select count(*) from leads $$;
-- finds: 01_a/apply.sql:2: function f(): runs as its owner and says leads without a schema: a temporary table of that name is found first
-- broken: an empty path, a function of the project
-- 01_a/apply.sql:
create function g() returns int language sql as 'select 1';
create function f() returns int language plpgsql security definer set search_path = '' as $$
begin
  return g();
end $$;
-- finds: 01_a/apply.sql:4: function f(): runs as its owner and says g() without a schema: with an empty search_path there is none
-- fine: qualified
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns bigint language sql security definer set search_path = '' as $$ select count(*) from public.leads $$;
-- fine: pg_temp comes last
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns bigint language sql security definer set search_path = public, pg_temp as $$ select count(*) from leads $$;
-- fine: with its caller's rights
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns bigint language sql as $$ select count(*) from leads $$;
-- fine: a WITH of its own, a function of PostgreSQL's
-- 01_a/apply.sql:
create function f() returns bigint language sql security definer set search_path = '' as $$
  with leads as (select generate_series(1, 3) as id) select count(*) from leads where lower('A') = 'a' $$;
-- fine: bound when it was created
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns bigint language sql security definer begin atomic select count(*) from leads; end;
-- fine: an alias that is locked, a temporary table of its own
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns int language plpgsql security definer set search_path = '' as $$
declare n int;
begin
  create temp table mine (id int);
  insert into mine select p.id from public.leads as p for update of p;
  return (select count(*) from mine);
end $$;
-- fine: the rows of a trigger
-- 01_a/apply.sql:
create table leads (id int);
create function f() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform count(*) from changed;
  return null;
end $$;
create trigger t after insert on leads referencing new table as changed for each statement execute function f();
