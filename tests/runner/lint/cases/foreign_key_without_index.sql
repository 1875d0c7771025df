-- broken: no index at all
create table a (id int primary key);
create table b (id int primary key, a_id int constraint b_a references a);
-- finds: constraint b_a on b: no index begins with (a_id): deleting or changing a row of public.a reads all of public.b
-- broken: the index begins with another column
create table a (id int primary key);
create table b (id int primary key, a_id int constraint b_a references a, at date);
create index on b (at, a_id);
-- finds: constraint b_a on b: no index begins with (a_id): deleting or changing a row of public.a reads all of public.b
-- broken: the index leaves rows out
create table a (id int primary key);
create table b (id int primary key, a_id int constraint b_a references a, done boolean);
create index on b (a_id) where not done;
-- finds: constraint b_a on b: no index begins with (a_id): deleting or changing a row of public.a reads all of public.b
-- broken: two columns, of which an index has one
create table a (x int, "Y" int, primary key (x, "Y"));
create table b (id int primary key, x int, "Y" int, constraint b_a foreign key (x, "Y") references a);
create index on b (x);
-- finds: constraint b_a on b: no index begins with (x, "Y"): deleting or changing a row of public.a reads all of public.b
-- fine: an index
create table a (id int primary key);
create table b (id int primary key, a_id int references a);
create index on b (a_id);
-- fine: in another order, and more columns behind
create table a (x int, y int, primary key (x, y));
create table b (id int primary key, x int, y int, z int, foreign key (x, y) references a);
create index on b (y, x, z);
-- fine: the primary key begins with it
create table a (id int primary key);
create table b (a_id int references a, n int, primary key (a_id, n));
-- fine: where it is not null
create table a (id int primary key);
create table b (id int primary key, a_id int references a);
create index on b (a_id) where a_id is not null;
-- fine: of a partitioned table, with an index on it
create table a (id int primary key);
create table b (id int, a_id int references a, primary key (id)) partition by range (id);
create table b_1 partition of b for values from (1) to (9);
create index on b (a_id);
