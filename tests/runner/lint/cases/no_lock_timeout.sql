-- broken: the phase says so
create table orders (id int);
-- lock_timeout: 0
-- then:
alter table orders add column x int;
-- finds: warn: table orders: waits for its lock on orders (0 kB) without a limit, and whoever comes behind it waits too
-- broken: the script says so
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
set local lock_timeout = 0;
alter table orders add column x int;
-- finds: error: table orders: waits for its lock on orders (5 M rows, 900 MB) without a limit, and whoever comes behind it waits too
-- broken: with a unit
create table orders (id int);
-- size: orders 20000 rows, 3 MB
-- then:
set local lock_timeout to '0s';
alter table orders add column x int;
-- finds: warn: table orders: waits for its lock on orders (20 k rows, 3 MB) without a limit, and whoever comes behind it waits too
-- fine: nexiom's own limit
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column x int;
-- fine: another limit
create table orders (id int);
-- lock_timeout: 0
-- size: orders 5000000 rows, 900 MB
-- then:
set local lock_timeout = '3s';
alter table orders add column x int;
-- fine: a table that the plan makes
-- lock_timeout: 0
-- then:
create table orders (id int);
alter table orders add column x int;
