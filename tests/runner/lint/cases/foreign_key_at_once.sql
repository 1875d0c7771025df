-- broken: two large tables
create table customers (id int primary key);
create table orders (id int primary key, customer_id int);
-- size: orders 5000000 rows, 900 MB
-- size: customers 20000 rows, 3 MB
-- then:
alter table orders add constraint orders_customer foreign key (customer_id) references customers (id);
-- finds: error: table orders: takes SHARE ROW EXCLUSIVE on orders (5 M rows, 900 MB) and customers (20 k rows, 3 MB) until every row is checked: writes wait
-- broken: the other table is the large one
create table customers (id int primary key);
create table orders (id int primary key, customer_id int);
-- size: orders 15000 rows, 3 MB
-- size: customers 3000000 rows, 300 MB
-- then:
alter table orders add foreign key (customer_id) references customers;
-- finds: error: table orders: takes SHARE ROW EXCLUSIVE on orders (15 k rows, 3 MB) and customers (3 M rows, 300 MB) until every row is checked: writes wait
-- broken: to itself
create table nodes (id int primary key, parent int);
-- size: nodes 60000 rows, 9 MB
-- then:
alter table nodes add foreign key (parent) references nodes;
-- finds: warn: table nodes: takes SHARE ROW EXCLUSIVE on nodes (60 k rows, 9 MB) until every row is checked: writes wait
-- fine: not valid
create table customers (id int primary key);
create table orders (id int primary key, customer_id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint k foreign key (customer_id) references customers not valid;
-- fine: a new table that refers to a large one
create table customers (id int primary key);
-- size: customers 3000000 rows, 300 MB
-- then:
create table orders (id int primary key, customer_id int);
alter table orders add foreign key (customer_id) references customers;
-- fine: a new column, which is null in every row
create table customers (id int primary key);
create table orders (id int primary key);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column customer_id int references customers;
-- fine: a small table
create table customers (id int primary key);
create table orders (id int primary key, customer_id int);
-- size: orders 500 rows, 1 MB
-- then:
alter table orders add foreign key (customer_id) references customers;
