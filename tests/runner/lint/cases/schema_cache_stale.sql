-- broken: a function
-- then:
create function f() returns int language sql as 'select 1';
-- finds: warn: statement create function f(): changes what PostgREST serves, and nothing tells it: it goes on with what it knew until it is started anew
-- broken: told too early
create table t (id int);
-- then:
notify pgrst, 'reload schema';
alter table t add column x int;
comment on table t is 'x';
-- finds: warn: statement alter table t: changes what PostgREST serves, and nothing tells it: it goes on with what it knew until it is started anew
-- broken: another channel
-- then:
create view v as select 1 as id;
notify other, 'reload schema';
-- finds: warn: statement create view v: changes what PostgREST serves, and nothing tells it: it goes on with what it knew until it is started anew
-- fine: told
-- then:
create function f() returns int language sql as 'select 1';
notify pgrst, 'reload schema';
-- fine: told by a later script
-- then:
create function f() returns int language sql as 'select 1';
-- also 06_y/apply.sql:
notify pgrst;
-- fine: an event trigger tells it
-- event trigger
-- then:
create function f() returns int language sql as 'select 1';
-- fine: nothing it serves
create table t (id int);
-- then:
insert into t values (1);
create index on t (id);
