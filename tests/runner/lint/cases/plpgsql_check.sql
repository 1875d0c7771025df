-- broken: a column that is not there
create table notes (id int);
create function f() returns int language plpgsql as $$
begin
  return (select body from public.notes);
end $$;
-- finds: error: function f(): line 3: column "body" does not exist
-- broken: a table that is not there, in a trigger's function
create table notes (id int);
create function f() returns trigger language plpgsql as $$
begin
  insert into public.log values (new.id);
  return new;
end $$;
create trigger t before insert on notes for each row execute function f();
-- finds: error: function f(): line 3: relation "public.log" does not exist
-- broken: it may end without a result
create function f(a int) returns int language plpgsql as $$
begin
  if a > 0 then
    return 1;
  end if;
end $$;
-- finds: warn: function f(integer): control reached end of function without RETURN
-- fine: it reads what is there
create table notes (id int);
create function f() returns int language plpgsql as $$
begin
  return (select count(*) from public.notes);
end $$;
-- fine: another language
create table notes (id int);
create function f() returns int language sql as 'select 1';
-- fine: a trigger's function that no trigger has
create function f() returns trigger language plpgsql as $$
begin
  insert into public.log values (new.id);
  return new;
end $$;
