-- broken: a table
create table notes (id int);
-- then:
alter table notes rename to remarks;
-- finds: warn: table notes: table notes becomes remarks: clients that run meanwhile fail by the old name
-- broken: a column
create table notes (id int, body text);
-- then:
alter table public.notes rename body to "Text";
-- finds: warn: table notes: column body becomes "Text": clients that run meanwhile fail by the old name
-- broken: a view
create view notes as select 1 as id;
-- then:
alter view notes rename to remarks;
-- finds: warn: table notes: view notes becomes remarks: clients that run meanwhile fail by the old name
-- fine: a table that the plan makes
-- then:
create table notes (id int);
alter table notes rename to remarks;
-- fine: a constraint
create table notes (id int constraint k check (id > 0));
-- then:
alter table notes rename constraint k to positive;
-- fine: an index
create table notes (id int primary key);
-- then:
alter index notes_pkey rename to notes_key;
