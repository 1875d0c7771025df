-- broken: on a large table
create table messages (id int, x int);
-- size: messages 2100000 rows, 480 MB
-- then:
create index messages_x on messages (x);
-- finds: error: table messages: takes SHARE on messages (2.1 M rows, 480 MB) until the index is built: every write waits
-- broken: a unique one, on one of some size
create table messages (id int, x int);
-- size: messages 50000 rows, 12 MB
-- then:
create unique index if not exists messages_x on public.messages (x);
-- finds: warn: table messages: takes SHARE on messages (50 k rows, 12 MB) until the index is built: every write waits
-- broken: few rows that are large
create schema crm;
create table crm.files (id int, x text);
-- size: crm.files 900 rows, 2048 MB
-- then:
create index on crm.files (x);
-- finds: error: table crm.files: takes SHARE on crm.files (900 rows, 2 GB) until the index is built: every write waits
-- fine: concurrently
create table messages (id int, x int);
-- size: messages 2100000 rows, 480 MB
-- then:
create index concurrently messages_x on messages (x);
-- fine: a small table
create table messages (id int, x int);
-- size: messages 9000 rows, 2 MB
-- then:
create index messages_x on messages (x);
-- fine: a table that the plan makes
-- then:
create table messages (id int, x int);
create index messages_x on messages (x);
-- fine: another table of that name is large
create schema crm;
create table crm.messages (id int, x int);
create table messages (id int, x int);
-- size: crm.messages 2100000 rows, 480 MB
-- then:
create index messages_x on messages (x);
