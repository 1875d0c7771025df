-- broken: everybody by default
create function f() returns int language sql security definer set search_path = '' as 'select 1';
-- finds: function f(): anon, authenticated, PUBLIC may call it, it runs with the rights of nexiom_owner, and no phase says why
-- broken: granted by name
create function f(a int) returns int language sql security definer set search_path = '' as 'select 1';
revoke execute on function f from public; grant execute on function f to authenticated;
-- finds: function f(integer): authenticated may call it, it runs with the rights of nexiom_owner, and no phase says why
-- broken: a procedure
create procedure p() language sql security definer set search_path = '' as 'select 1';
revoke execute on procedure p from public; grant execute on procedure p to anon;
-- finds: procedure p(): anon may call it, it runs with the rights of nexiom_owner, and no phase says why
-- fine: the service's alone
create function f() returns int language sql security definer set search_path = '' as 'select 1';
revoke execute on function f from public; grant execute on function f to service_role;
-- fine: with its caller's rights
create function f() returns int language sql as 'select 1';
-- fine: a trigger's
create function f() returns trigger language plpgsql security definer set search_path = '' as 'begin return new; end';
-- fine: in a schema that nobody may enter
create schema crm;
create function crm.f() returns int language sql security definer set search_path = '' as 'select 1';
