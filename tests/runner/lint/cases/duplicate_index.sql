-- broken: made twice
create table a (id int primary key, x int);
create index a_x on a (x);
create index a_x_again on a (x);
-- finds: index a_x_again on a: is a copy of a_x
-- broken: beside the one of a constraint
create table a (id int primary key, x int unique);
create index by_x on a (x);
-- finds: index by_x on a: is a copy of a_x_key, which is unique too
-- broken: on an expression, with a condition
create table a (id int primary key, x text);
create index a1 on a (lower(x)) where x is not null;
create index a2 on a (lower(x)) where x is not null;
-- finds: index a2 on a: is a copy of a1
-- broken: three of them
create table a (id int primary key, x int);
create index a1 on a (x);
create index a2 on a (x);
create unique index a3 on a (x);
-- finds: index a1 on a: is a copy of a3, which is unique too
-- finds: index a2 on a: is a copy of a3, which is unique too
-- fine: another order
create table a (id int primary key, x int);
create index a1 on a (x);
create index a2 on a (x desc);
-- fine: another condition
create table a (id int primary key, x int);
create index a1 on a (x);
create index a2 on a (x) where x > 0;
-- fine: another operator class
create table a (id int primary key, x text);
create index a1 on a (x);
create index a2 on a (x text_pattern_ops);
-- fine: one that begins alike
create table a (id int primary key, x int, y int);
create index a1 on a (x);
create index a2 on a (x, y);
-- fine: another method
create table a (id int primary key, x int);
create index a1 on a (x);
create index a2 on a using hash (x);
