-- broken: on a partitioned table alone
create table events (id int, x int) partition by list (id);
create table events_1 partition of events for values in (1);
create index events_x on only events (x);
-- finds: index events_x on events: is not valid: a partition has no such index yet
-- broken: one partition of two has it
create table events (id int, x int) partition by list (id);
create table events_1 partition of events for values in (1);
create table events_2 partition of events for values in (2);
create index events_x on only events (x);
create index events_1_x on events_1 (x);
alter index events_x attach partition events_1_x;
-- finds: index events_x on events: is not valid: a partition has no such index yet
-- broken: a unique one
create table "Événements" (id int, x int) partition by list (id);
create table e_1 partition of "Événements" for values in (1);
create unique index e_x on only "Événements" (id, x);
-- finds: index e_x on "Événements": is not valid: a partition has no such index yet
-- fine: every partition has it
create table events (id int, x int) partition by list (id);
create table events_1 partition of events for values in (1);
create index events_x on only events (x);
create index events_1_x on events_1 (x);
alter index events_x attach partition events_1_x;
-- fine: an index like any other
create table a (id int primary key, x int);
create index a_x on a (x);
-- fine: a partitioned table without partitions
create table events (id int, x int) partition by list (id);
create index events_x on events (x);
