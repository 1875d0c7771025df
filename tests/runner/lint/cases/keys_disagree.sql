-- broken: a misspelt key
-- result: {routed: int, auto_replied: int}
-- 01_a/apply.sql:
create function f() returns jsonb language sql stable as $$
  select jsonb_build_object(
    'routed', 1,
    'auto_replyed', 2)
$$;
-- finds: 01_a/apply.sql:4: function f(): $.auto_replyed is built and the shape has no such key
-- broken: a key that is not built, in a branch that no call reaches
-- result: {done: bool, count: int}
-- 01_a/apply.sql:
create function f(p_dry boolean default false) returns jsonb language plpgsql stable as $$
begin
  if p_dry then
    return jsonb_build_object('done', false);
  end if;
  return jsonb_build_object('done', true, 'count', 3);
end $$;
-- finds: 01_a/apply.sql:1: function f(boolean): $.count is required by the shape and the body does not build it
-- broken: an element of an array that is empty
-- result: {items: [{id: int}]}
-- 01_a/apply.sql:
create table items (id int, name text);
create function f() returns jsonb language sql stable as $$
  select jsonb_build_object('items', coalesce(
    (select jsonb_agg(jsonb_build_object('id', i.id, 'label', i.name)) from items as i), '[]'))
$$;
-- finds: 01_a/apply.sql:4: function f(): $.items[*].label is built and the shape has no such key
-- broken: objects that are joined
-- result: {a: int, $or: null}
-- 01_a/apply.sql:
create function f() returns jsonb language sql stable as $$
  select jsonb_build_object('a', 1) || jsonb_build_object('zebra', 2)
$$;
-- finds: 01_a/apply.sql:2: function f(): $.zebra is built and the shape has no such key
-- fine: all keys, one of them optional
-- result: {a: int, b?: text}
-- 01_a/apply.sql:
create function f() returns jsonb language sql stable as $$ select jsonb_build_object('a', 1)::jsonb $$;
-- fine: an open shape
-- result: {a: int, $open: true}
-- 01_a/apply.sql:
create function f() returns jsonb language sql stable as $$ select jsonb_build_object('a', 1, 'b', 2) $$;
-- fine: keys that the text does not tell
-- result: {a: int}
-- 01_a/apply.sql:
create function f() returns jsonb language plpgsql stable as $$
declare
  v jsonb := jsonb_build_object('x', 1);
begin
  if v is null then
    return null;
  end if;
  return v || jsonb_build_object(lower('A'), 1);
end $$;
-- fine: an object that is an argument, not the result
-- result: {a: int}
-- 01_a/apply.sql:
create function f() returns jsonb language sql stable as $$
  select jsonb_build_object('a', length(jsonb_build_object('b', 1)::text))
$$;
-- fine: other keys by text
-- result: {<text>: int}
-- 01_a/apply.sql:
create function f() returns jsonb language sql stable as $$ select jsonb_build_object('a', 1, 'b', 2) $$;
