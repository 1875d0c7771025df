-- broken: an argument with a default was added
create function f(a int) returns int language sql as 'select 1';
create function f(a int, b int default 1) returns int language sql as 'select 1';
-- finds: function f(integer, integer): a call with a fits f(integer) as well: PostgREST answers PGRST203
-- broken: the type of an argument was changed
create function f(a int) returns int language sql as 'select 1';
create function f(a text) returns int language sql as 'select 1';
-- finds: function f(text): a call with a fits f(integer) as well: PostgREST answers PGRST203
-- broken: all of it optional
create function f() returns int language sql as 'select 1';
create function f(b text default '') returns int language sql as 'select 1';
-- finds: function f(text): a call with no argument fits f() as well: PostgREST answers PGRST203
-- broken: in another order
create function f(a int, b text) returns int language sql as 'select 1';
create function f(b text, a int) returns int language sql as 'select 1';
-- finds: function f(text, integer): a call with b, a fits f(integer, text) as well: PostgREST answers PGRST203
-- fine: another required name
create function f(a int) returns int language sql as 'select 1';
create function f(a int, b int) returns int language sql as 'select 1';
-- fine: other names
create function f(a int) returns int language sql as 'select 1';
create function f(x text) returns int language sql as 'select 1';
-- fine: another schema
create schema crm;
create function f(a int) returns int language sql as 'select 1';
create function crm.f(a int) returns int language sql as 'select 1';
-- fine: dropped before
create function f(a int) returns int language sql as 'select 1';
drop function f(int);
create function f(a text) returns int language sql as 'select 1';
