-- broken: an update behind it
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column state text;
update orders set state = 'open';
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB), which is held while update runs
-- broken: rows of another table
create table orders (id int); create table old (id int); create table new (id int);
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders add column state text;
insert into new select id from old;
delete from old where id > 0;
-- finds: warn: table orders: takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB), which is held while insert … select, delete runs
-- broken: something between
create table orders (id int, a int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders drop column a;
comment on table orders is 'x';
update orders set id = 1 where id = 2;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB), which is held while update runs
-- fine: a transaction each
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column state text;
-- nexiom: commit
update orders set state = 'open';
-- fine: the update comes first
create table orders (id int, state text);
-- size: orders 5000000 rows, 900 MB
-- then:
update orders set state = 'open';
alter table orders add column x int;
-- fine: a few rows by value
create table orders (id int); create table states (name text);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column state text;
insert into states values ('open'), ('closed');
-- fine: a lock that readers and writers do not wait for
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column id set statistics 500;
update orders set id = 1 where id = 2;
