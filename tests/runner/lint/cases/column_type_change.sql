-- broken: a wider integer
create table orders (id int, amount integer);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column amount type bigint;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile, since amount is integer
-- broken: a shorter text
create table orders (id int, name varchar(200));
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders alter column name type varchar(100);
-- finds: warn: table orders: takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB) and writes all of it anew: nobody reads or writes it meanwhile, since name is character varying(200)
-- broken: an expression
create table orders (id int, name text);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column name type text using upper(name);
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile, since name is text
-- broken: another scale
create table orders (id int, price numeric(10, 2));
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter price set data type numeric(12, 4) using price::numeric(12, 4);
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile, since price is numeric(10,2)
-- fine: longer
create table orders (id int, name varchar(100));
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column name type varchar(200);
-- fine: without a limit
create table orders (id int, name varchar(100), price numeric(10, 2));
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column name type text, alter column price type numeric(14, 2);
-- fine: a time zone, in UTC
set timezone = 'UTC';
create table orders (id int, at timestamp);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column at type timestamptz;
-- fine: a small table, another type
create table orders (id int, name text);
-- then:
alter table orders alter column name type text;
