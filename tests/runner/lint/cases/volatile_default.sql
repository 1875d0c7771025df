-- broken: another value in every row
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column token uuid not null default gen_random_uuid();
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile, since token has another gen_random_uuid() in every row
-- broken: an identity
create table orders (name text);
-- size: orders 20000 rows, 3 MB
-- then:
alter table orders add column id bigint generated always as identity;
-- finds: warn: table orders: takes ACCESS EXCLUSIVE on orders (20 k rows, 3 MB) and writes all of it anew: nobody reads or writes it meanwhile, since id is an identity
-- broken: a serial
create table orders (name text);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add id bigserial;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile, since id is a serial
-- broken: generated and stored
create table orders (net int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column gross int generated always as (net * 2) stored;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile, since gross is generated and stored
-- broken: a function of the project's own that is volatile
create table orders (id int);
create function next_number() returns int language sql as 'select (random() * 100)::int';
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column number int default public.next_number() + 1;
-- finds: error: table orders: takes ACCESS EXCLUSIVE on orders (5 M rows, 900 MB) and writes all of it anew: nobody reads or writes it meanwhile, since number has another next_number() in every row
-- fine: a constant
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column state text not null default 'open';
-- fine: stable
create table orders (id int);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders add column at timestamptz not null default now(), add column day date default current_date;
-- fine: a small table
create table orders (id int);
-- then:
alter table orders add column state text;
-- fine: the default alone
create table orders (id int, token uuid);
-- size: orders 5000000 rows, 900 MB
-- then:
alter table orders alter column token set default gen_random_uuid();
