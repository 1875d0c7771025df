-- broken: vacuum full
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
vacuum full orders;
-- finds: error: table orders: vacuum full takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile
-- broken: no longer logged
create table orders (id int);
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders set unlogged;
-- finds: warn: table orders: set unlogged takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB) and writes all of it anew: nobody reads or writes it meanwhile
-- broken: cluster
create table orders (id int);
create index orders_id on orders (id);
-- size: orders 5000000 rows, 900 MB
-- then:
cluster orders using orders_id;
-- finds: error: table orders: cluster takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile
-- fine: vacuum
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
vacuum (analyze) orders;
-- fine: a setting
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders set (autovacuum_vacuum_scale_factor = 0.02);
-- fine: marked for a later cluster
create table orders (id int);
create index orders_id on orders (id);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders cluster on orders_id;
