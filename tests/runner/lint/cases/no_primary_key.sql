-- broken: no key
create table events (id int);
-- finds: table events: has no primary key
-- broken: a unique index that would serve
create table events (id int not null);
create unique index events_id on events (id);
-- finds: table events: has no primary key; unique index events_id would serve as one
-- broken: a unique column that may be null
create table events (id int unique);
-- finds: table events: has no primary key
-- broken: a partitioned one, once
create table events (id int, at date) partition by range (at);
create table events_1 partition of events for values from ('2026-01-01') to ('2027-01-01');
-- finds: table events: has no primary key
-- fine: a key
create table events (id int primary key);
-- fine: a temporary table
create temporary table scratch (id int);
-- fine: a view, and a table of another schema
create view v as select 1 as id;
create schema other;
create table other.t (id int);
-- fine: a key of two columns
create table events (a int, b int, primary key (a, b));
