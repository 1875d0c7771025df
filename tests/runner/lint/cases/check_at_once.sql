-- broken: a check
create table orders (id int, amount int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint positive check (amount > 0);
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) until every row is checked: nobody reads or writes it
-- broken: without a name, beside something else
create table orders (id int, amount int);
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders add column note text, add check (amount > 0);
-- finds: warn: table orders: takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB) until every row is checked: nobody reads or writes it
-- broken: of a partitioned table
create table orders (id int, amount int) partition by list (id);
create table orders_1 partition of orders for values in (1);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add check (amount > 1);
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) until every row is checked: nobody reads or writes it
-- fine: not valid
create table orders (id int, amount int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint positive check (amount > 0) not valid;
-- fine: a small table
create table orders (id int, amount int);
-- size: orders 5000 rows, 1 MB
-- then:
alter table orders add check (amount > 0);
-- fine: a table that the plan makes
-- then:
create table orders (id int, amount int);
alter table orders add check (amount > 0);
