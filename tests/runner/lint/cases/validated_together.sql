-- broken: in one transaction
create table orders (id int, amount int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint positive check (amount > 0) not valid;
alter table orders validate constraint positive;
-- finds: error: table orders: validates positive of orders (5 M rows, 900 MB) in the transaction that added it, whose lock is held until every row is checked
-- broken: a foreign key, something between
create table customers (id int primary key);
create table orders (id int, customer_id int);
-- size: orders 20000 rows, 3 MB
-- then:
alter table public.orders add constraint "K" foreign key (customer_id) references customers not valid;
comment on table orders is 'x';
alter table orders validate constraint "K";
-- finds: warn: table orders: validates "K" of orders (20 k rows, 3 MB) in the transaction that added it, whose lock is held until every row is checked
-- broken: two of them
create table orders (id int, amount int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint a check (amount > 0) not valid, add constraint b check (amount > 1) not valid;
alter table orders validate constraint b;
-- finds: error: table orders: validates b of orders (5 M rows, 900 MB) in the transaction that added it, whose lock is held until every row is checked
-- fine: a transaction each
create table orders (id int, amount int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint positive check (amount > 0) not valid;
-- nexiom: commit
alter table orders validate constraint positive;
-- fine: added by an earlier phase
create table orders (id int, amount int);
alter table orders add constraint positive check (amount > 0) not valid;
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders validate constraint positive;
-- fine: another table's
create table orders (id int, amount int);
create table notes (amount int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint positive check (amount > 0) not valid;
alter table notes add constraint positive check (amount > 0) not valid;
alter table notes validate constraint positive;
