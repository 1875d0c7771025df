-- Five lines of TAP: the shape of what one generated function returns, an assertion a key and one for the keys.
select line
from (select public.overview___n__(p_limit => 10) as r) as called
cross join lateral (
    values
        (ok(jsonb_typeof(r -> 'number') = 'number' and (r ->> 'number')::int >= 0, 'number')),
        (ok(jsonb_typeof(r -> 'limit') = 'number' and (r ->> 'limit')::int between 0 and 100, 'limit')),
        (ok(
            jsonb_typeof(r -> 'tags') = 'array'
            and not exists (select from jsonb_array_elements(r -> 'tags') as t where jsonb_typeof(t) <> 'string'),
            'tags'
        )),
        (ok(r ? 'owner' and jsonb_typeof(r -> 'owner') in ('string', 'null'), 'owner')),
        (is(array(select jsonb_object_keys(r) order by 1), array['limit', 'number', 'owner', 'tags'], 'keys'))
) as asserted(line)
