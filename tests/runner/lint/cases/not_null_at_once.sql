-- broken: nothing says so yet
create table orders (id int, number int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column number set not null;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) until every row is read for number
-- broken: a check says so of another column
create table orders (id int, "Number" int, check (id is not null));
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders alter column "Number" set not null;
-- finds: warn: table orders: takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB) until every row is read for "Number"
-- broken: a check that was not validated
create table orders (id int, number int);
alter table orders add constraint n check (number is not null) not valid;
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter number set not null;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) until every row is read for number
-- fine: a check that holds
create table orders (id int, number int, check (number is not null));
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column number set not null;
-- fine: a check that the script validates before
create table orders (id int, number int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add constraint n check (number is not null) not valid;
-- nexiom: commit
alter table orders validate constraint n;
-- nexiom: commit
alter table orders alter column number set not null, drop constraint n;
-- fine: a small table
create table orders (id int, number int);
-- size: orders 100 rows, 1 MB
-- then:
alter table orders alter column number set not null;
-- fine: the other way round
create table orders (id int, number int not null);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column number drop not null;
