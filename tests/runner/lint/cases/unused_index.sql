-- broken: nobody reads it
create table a (id int primary key, x int);
create index a_x on a (x);
insert into a select n, n from generate_series(1, 60000) as n;
do $$ begin for i in 1..1000 loop perform 1 from a where id = i; end loop; end $$;
-- finds: index a_x on a: no query has read its 1328 kB, while the table's other indexes were read 1000 times
-- broken: one of two
create table a (id int primary key, x int, y int);
create index a_x on a (x); create index a_y on a (y);
insert into a select n, n, n from generate_series(1, 60000) as n;
analyze a;
do $$ begin for i in 1..1200 loop perform 1 from a where x = i; end loop; end $$;
-- finds: index a_y on a: no query has read its 1328 kB, while the table's other indexes were read 1200 times
-- broken: on an expression, another schema
create schema crm;
create table crm.a (id int primary key, x int);
create index "A x" on crm.a ((x + 1));
insert into crm.a select n, n from generate_series(1, 60000) as n;
do $$ begin for i in 1..1000 loop perform 1 from crm.a where id = i; end loop; end $$;
-- finds: index "A x" on crm.a: no query has read its 1328 kB, while the table's other indexes were read 1000 times
-- fine: it is small
create table a (id int primary key, x int);
create index a_x on a (x);
insert into a select n, n from generate_series(1, 2000) as n;
do $$ begin for i in 1..1000 loop perform 1 from a where id = i; end loop; end $$;
-- fine: the table is hardly read at all
create table a (id int primary key, x int);
create index a_x on a (x);
insert into a select n, n from generate_series(1, 60000) as n;
-- fine: it keeps values unique
create table a (id int primary key, x int);
create unique index a_x on a (x);
insert into a select n, n from generate_series(1, 60000) as n;
do $$ begin for i in 1..1000 loop perform 1 from a where id = i; end loop; end $$;
-- fine: deletes of another table read it
create table b (id int primary key);
insert into b values (1);
create table a (id int primary key, b_id int references b);
create index a_b on a (b_id);
insert into a select n, 1 from generate_series(1, 160000) as n;
do $$ begin for i in 1..1000 loop perform 1 from a where id = i; end loop; end $$;
