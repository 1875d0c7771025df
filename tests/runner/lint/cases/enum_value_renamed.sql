-- broken: nothing else says it
create type state as enum ('open', 'closed');
-- then:
alter type state rename value 'open' to 'new';
-- finds: warn: type state: what compares state with 'open' fails from that moment
-- broken: a function still says it
create type state as enum ('open', 'closed');
-- then:
alter type state rename value 'open' to 'new';
-- also 06_y/repeatable/f.sql:
create or replace function f(s state) returns boolean language sql as $$ select s = 'open' $$;
-- finds: error: type state: what compares state with 'open' fails from that moment; 06_y/repeatable/f.sql still says 'open'
-- broken: another schema
create schema crm; create type crm.state as enum ('open', 'closed');
-- then:
alter type crm.state rename value 'closed' to 'done';
-- finds: warn: type crm.state: what compares crm.state with 'closed' fails from that moment
-- fine: a label more
create type state as enum ('open', 'closed');
-- then:
alter type state add value 'new';
-- fine: the type gets another name
create type state as enum ('open', 'closed');
-- then:
alter type state rename to order_state;
-- fine: a type that the plan makes
-- then:
create type state as enum ('open', 'closed');
alter type state rename value 'open' to 'new';
