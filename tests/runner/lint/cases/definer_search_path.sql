-- broken: no path of its own
create function f() returns int language sql security definer as 'select count(*)::int from pg_class';
-- finds: function f(): runs as its owner with the search_path of whoever calls it
-- broken: the caller's own schema is in it
create function f(a int, b text) returns int language sql security definer set search_path = "$user", pg_catalog as 'select 1';
-- finds: function f(integer, text): runs as its owner with "$user" in its search_path
-- broken: a schema where everybody may create
create schema crm; grant create, usage on schema crm to public;
create function f() returns int language sql security definer set search_path = pg_catalog, crm as 'select 1';
-- finds: function f(): runs as its owner, and its search_path has crm, where PUBLIC may create
-- broken: a schema where an API role may create, named in quotes
create schema "Été"; grant create on schema "Été" to authenticated;
create procedure p() language sql security definer set search_path = "Été" as 'select 1';
-- finds: function p(): runs as its owner, and its search_path has Été, where authenticated may create
-- fine: an empty path
create function f() returns int language sql security definer set search_path = '' as 'select 1';
-- fine: with its caller's rights
create function f() returns int language sql as 'select 1';
-- fine: bound when it was created
create function f() returns int language sql security definer begin atomic select 1; end;
-- fine: a schema where nobody else may create
create schema crm;
create function f() returns int language sql security definer set search_path = crm, pg_temp as 'select 1';
