-- broken: a check
create table a (id int primary key);
alter table a add constraint positive check (id > 0) not valid;
-- finds: constraint positive on a: was added not valid and never validated: older rows may break it, and the planner does not use it
-- broken: a foreign key
create table a (id int primary key); create table b (id int primary key, a_id int);
alter table b add constraint b_a foreign key (a_id) references a not valid;
-- finds: constraint b_a on b: was added not valid and never validated: older rows may break it, and the planner does not use it
-- broken: one of two
create table a (id int primary key);
alter table a add constraint x check (id > 0) not valid, add constraint y check (id > 1) not valid;
alter table a validate constraint x;
-- finds: constraint y on a: was added not valid and never validated: older rows may break it, and the planner does not use it
-- fine: validated
create table a (id int primary key);
alter table a add constraint positive check (id > 0) not valid;
alter table a validate constraint positive;
-- fine: valid from the beginning
create table a (id int primary key check (id > 0));
-- fine: a domain's
create domain positive as int;
alter domain positive add constraint p check (value > 0) not valid;
