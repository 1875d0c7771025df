"""A column's text becomes the JSON that the server would make of it."""

import pytest

from nexiom_runner.shape.json import loads
from nexiom_runner.test.values import as_json

VALUES = [
    "null::integer",
    "3",
    "3.0",
    "3.0::float8",
    "'NaN'::float8",
    "'-Infinity'::numeric",
    "1e300::float8",
    "true",
    "'t'::text",
    "'x'::char(3)",
    "'{\"a\": [1.50, null]}'::jsonb",
    "'[1, \"x\"]'::json",
    "'2026-11-22'::date",
    "'0044-03-15 BC'::date",
    "'2026-11-22 10:00:00.5'::timestamp",
    "'2026-11-22 10:00:00+02'::timestamptz",
    "'0044-03-15 00:00:00+00 BC'::timestamptz",
    "'infinity'::timestamptz",
    "'1 day 2 hours'::interval",
    "'6f1b0f0e-2c1d-4e1f-9a3b-0123456789ab'::uuid",
    "array[1, null, 2]",
    "array[['a', 'b c'], ['d\"e', 'NULL']]",
    "'{}'::text[]",
    "'[0:1]={1,2}'::int[]",
    "array['{\"a\": 1}'::jsonb]",
    "array[true, false]",
    "array['2026-11-22 10:00:00+00'::timestamptz]",
    "array['back\\slash', '', 'comma,', '{brace}']",
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_it_is_what_to_json_makes(session, value):
    (answer,) = session.send(f"select {value}, to_json({value})")
    ((text, expected),) = answer.rows
    assert as_json(text, answer.columns[0].type) == (None if expected is None else loads(expected))
