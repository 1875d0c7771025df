-- broken: an integer key
create table a (id serial primary key);
select setval('a_id_seq', 2000000000);
-- finds: sequence a_id_seq: 93 % of 2,147,483,647 numbers are used; they are the id of a
-- broken: a sequence wider than its column
create table a (id integer generated always as identity (maxvalue 2147483647) primary key);
select setval('a_id_seq', 1700000000);
-- finds: sequence a_id_seq: 79 % of 2,147,483,647 numbers are used; they are the id of a
-- broken: a short one of nobody's
create sequence short_one maxvalue 100;
select setval('short_one', 80);
-- finds: sequence short_one: 80 % of 100 numbers are used
-- fine: far from its end
create table a (id serial primary key);
select setval('a_id_seq', 1000000);
-- fine: never used
create sequence s maxvalue 2;
-- fine: it begins anew
create sequence s maxvalue 100 cycle;
select setval('s', 99);
-- fine: bigint
create table a (id bigserial primary key);
select setval('a_id_seq', 2000000000);
