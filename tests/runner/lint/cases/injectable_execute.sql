-- broken: joined with ||
-- 01_a/apply.sql:
create function f(p_table text) returns void language plpgsql as $$
begin
  execute 'truncate ' || p_table;
end $$;
-- finds: 01_a/apply.sql:1: function f(text): executes a statement with p_table in it as it comes: whoever calls it writes SQL
-- broken: by %s of a format
-- 01_a/apply.sql:
create function f(p_table text, p_where varchar) returns bigint language plpgsql as $$
declare n bigint;
begin
  execute format('select count(*) from %I where %s', p_table, p_where) into n;
  return n;
end $$;
-- finds: 01_a/apply.sql:1: function f(text, character varying): executes a statement with p_where in it as it comes: whoever calls it writes SQL
-- broken: in a loop, out of JSON
-- 01_a/apply.sql:
create function f(p_filter jsonb) returns setof int language plpgsql as $$
declare r record;
begin
  for r in execute 'select 1 as n where ' || (p_filter ->> 'where') loop return next r.n; end loop;
end $$;
-- finds: 01_a/apply.sql:1: function f(jsonb): executes a statement with p_filter in it as it comes: whoever calls it writes SQL
-- fine: quoted
-- 01_a/apply.sql:
create function f(p_table text) returns void language plpgsql as $$
begin
  execute 'truncate ' || quote_ident(p_table);
end $$;
-- fine: by format
-- 01_a/apply.sql:
create function f(p_table text, p_name text) returns void language plpgsql as $$
begin
  execute format('update %I set name = %L where 100 %% 2 = 0', p_table, p_name);
end $$;
-- fine: handed over
-- 01_a/apply.sql:
create function f(p_name text) returns void language plpgsql as $$
begin
  execute 'select 1 where $1 = $1' using p_name;
end $$;
-- fine: a number
-- 01_a/apply.sql:
create function f(p_days integer) returns void language plpgsql as $$
begin
  execute 'select ' || p_days;
end $$;
