-- broken: a unique constraint
create table orders (id int, number int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint orders_number unique (number);
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) until the index of the unique constraint is built: nobody reads or writes it
-- broken: a primary key
create table orders (id int not null);
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders add primary key (id);
-- finds: warn: table orders: takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB) until the index of the primary key is built: nobody reads or writes it
-- broken: with a new column
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column number int unique;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) until the index of the unique constraint is built: nobody reads or writes it
-- broken: an exclusion
create table orders (id int, during int4range);
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders add exclude using gist (during with &&);
-- finds: warn: table orders: takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB) until the index of the exclusion is built: nobody reads or writes it
-- fine: of an index that is there
create table orders (id int, number int);
create unique index orders_number on orders (number);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint orders_number_key unique using index orders_number;
-- fine: a small table
create table orders (id int, number int);
-- size: orders 100 rows, 1 MB
-- then:
alter table orders add unique (number);
-- fine: in a new table
-- then:
create table orders (id int primary key, number int unique);
