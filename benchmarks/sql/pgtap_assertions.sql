-- One line of TAP an assertion: what the generated phase.yml states of each table and function, row security left out.
select line
from generate_series(1, __phases__) as n
cross join lateral (
    values
        (has_table('public', 'item_' || n, '')),
        (col_type_is('public', 'item_' || n, 'id', 'bigint', '')),
        (col_not_null('public', 'item_' || n, 'id', '')),
        (col_type_is('public', 'item_' || n, 'label', 'text', '')),
        (col_not_null('public', 'item_' || n, 'label', '')),
        (has_function('public', 'count_' || n, array['text'], '')),
        (function_returns('public', 'count_' || n, array['text'], 'bigint', '')),
        (is_definer('public', 'count_' || n, array['text'], '')),
        (volatility_is('public', 'count_' || n, array['text'], 'stable', ''))
) as asserted(line)
