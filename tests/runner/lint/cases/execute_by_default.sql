-- broken: nobody said
create function f() returns int language sql as 'select 1';
-- finds: function f(): everybody may call it: PostgreSQL grants EXECUTE to PUBLIC, and nobody took it back
-- broken: dropped and made again: the revoke is gone
create function f(a int) returns int language sql as 'select 1';
revoke execute on function f from public;
drop function f(int);
create function f(a int) returns bigint language sql as 'select 1::bigint';
-- finds: function f(integer): everybody may call it: PostgreSQL grants EXECUTE to PUBLIC, and nobody took it back
-- broken: a procedure
create procedure p(a text) language sql as 'select 1';
-- finds: procedure p(text): everybody may call it: PostgreSQL grants EXECUTE to PUBLIC, and nobody took it back
-- fine: taken back
create function f() returns int language sql as 'select 1';
revoke execute on function f from public;
-- fine: granted to everybody by somebody
create function f() returns int language sql as 'select 1';
revoke execute on function f from public;
grant execute on function f to public;
-- fine: a trigger's
create function f() returns trigger language plpgsql as 'begin return new; end';
-- fine: a schema that nobody of the API may enter
create schema crm;
create function crm.f() returns int language sql as 'select 1';
