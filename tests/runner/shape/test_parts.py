"""Which parts of a shape no value reached."""

import pytest

from nexiom_runner.errors import Place
from nexiom_runner.shape.json import loads
from nexiom_runner.shape.parts import ITEM, Part, unseen
from nexiom_runner.shape.walker import match


def left(shape, *values):
    """The parts that none of the values reached, with what they lack."""
    seen = {part for value in values for part in match(shape, loads(value)).seen}
    return [(part.path, part.what) for part in unseen(shape, seen)]


CASES = [
    ("[int]", "[]", [("$[*]", "an item")]),
    ("[int]", "[1]", []),
    ("{$items: [{a: int}]}", "[[], []]", [("$[*][*]", "an item")]),
    ("{<text>: int}", "{}", [("$.*", "another key")]),
    ("{<text>: [int]}", '{"a": []}', [("$.*[*]", "an item")]),
    ("{note?: text}", "{}", [("$.note", "this key")]),
    ("{note?: text | null}", '{"note": null}', [("$.note", "anything but null")]),
    ("int | text | null", "null", [("$", "anything but null")]),
    ("int | text | null", "1", []),
    ("{$or: null, messages: [{id: uuid}]}", "null", [("$", "anything but null")]),
    ("{$or: null, messages: [{id: int}]}", '{"messages": []}', [("$.messages[*]", "an item")]),
    ("{a?: [int]}", "{}", [("$.a", "this key")]),
    ("{a: 3, b: null}", '{"a": 3, "b": null}', []),
]


@pytest.mark.parametrize(("text", "value", "expected"), CASES)
def test_the_outermost_part_that_was_not_reached_is_told(read, text, value, expected):
    assert left(read(text), value) == expected


@pytest.mark.parametrize("text", ["[any]", "{<text>: any}", "{$items: int, $size: 0}", "{'key[0]': any}"])
def test_where_anything_or_nothing_may_stand_there_is_nothing_to_look_at(read, text):
    assert left(read(text)) == []


def test_values_together_reach_what_none_reaches_alone(read):
    shape = read("{a?: [int], b: text | null}")
    assert left(shape, '{"b": "x"}', '{"a": [], "b": null}', '{"a": [1], "b": null}') == []


def test_a_value_that_differs_has_been_looked_at(read):
    assert left(read("[{id: uuid}]"), '[{"id": 3}]') == []
    assert left(read("{$or: null, a: [int]}"), '{"a": ["x"]}') == []


def test_a_part_has_the_place_where_it_is_written(read):
    assert list(unseen(read("{'messages[0..50]': {id: uuid}}"), ())) == [
        Part("$.messages[*]", Place("phase.yml", 1, 5), ITEM)
    ]
