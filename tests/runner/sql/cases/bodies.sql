-- begin atomic, nested case, labels that are keywords
create or replace function f(a int) returns int begin atomic
  select case when a > 0 then case a when 1 then 2 else 3 end else 4 end;
  select 1 as "end", 2 as end;
  select t.case, t.end from (select 1 as case, 2 as end) t;
end;
create procedure p() language sql begin atomic insert into a values (1); insert into b values (2); end;
CREATE FUNCTION empty_body() RETURNS void BEGIN ATOMIC END;
create function g() returns int return case when true then 1 else 2 end;
create function h() returns int language sql as 'select 1; select 2;';
create function i() returns trigger language plpgsql as $fn$
begin
  if new.id is null then raise exception 'no; id'; end if;
  execute $q$ select 1; $q$;
  return new;
end $fn$;
do $$ begin perform 1; perform $x$;$x$; end $$;
do language plpgsql 'begin perform 1; end';
create function j() returns int language plpgsql as $a$ begin return 1; $$;$$ end; $a$;
