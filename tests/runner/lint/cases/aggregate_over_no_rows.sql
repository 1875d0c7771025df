-- broken: the whole result
-- result: [any]
-- 01_a/apply.sql:
create table items (id int);
create function f() returns jsonb language sql stable as $$ select jsonb_agg(i) from items as i $$;
-- finds: 01_a/apply.sql:2: function f(): $ is null where there are no rows: jsonb_agg() of nothing, and the shape allows no null
-- broken: under a key
-- result: {items: [{id: int}], total: int}
-- 01_a/apply.sql:
create table items (id int);
create function f() returns jsonb language sql stable as $$
  select jsonb_build_object(
    'items', (select json_agg(i) from items as i),
    'total', sum(id))
  from items
$$;
-- finds: 01_a/apply.sql:4: function f(): $.items is null where there are no rows: json_agg() of nothing, and the shape allows no null
-- finds: 01_a/apply.sql:5: function f(): $.total is null where there are no rows: sum() of nothing, and the shape allows no null
-- broken: in plpgsql
-- result: {items: [any]}
-- 01_a/apply.sql:
create table items (id int);
create function f() returns jsonb language plpgsql stable as $$
begin
  return jsonb_build_object('items', (select jsonb_agg(i) from items as i));
end $$;
-- finds: 01_a/apply.sql:4: function f(): $.items is null where there are no rows: jsonb_agg() of nothing, and the shape allows no null
-- fine: coalesced
-- result: {items: [{id: int}]}
-- 01_a/apply.sql:
create table items (id int);
create function f() returns jsonb language sql stable as $$
  select jsonb_build_object('items', coalesce(jsonb_agg(i), '[]')) from items as i
$$;
-- fine: the shape allows null
-- result: {total: int | null}
-- 01_a/apply.sql:
create table items (id int);
create function f() returns jsonb language sql stable as $$
  select jsonb_build_object('total', (select sum(id) from items))
$$;
-- fine: count is never null
-- result: {total: int}
-- 01_a/apply.sql:
create table items (id int);
create function f() returns jsonb language sql stable as $$ select jsonb_build_object('total', count(*)) from items $$;
-- fine: nobody says what it returns
-- 01_a/apply.sql:
create table items (id int);
create function f() returns jsonb language sql stable as $$ select jsonb_agg(i) from items as i $$;
