"""Each difference with its path, what was expected, what was found, and its likely cause."""

import copy
import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shape_strategies import SHAPES, values_of

from nexiom_runner.shape.json import Number, loads
from nexiom_runner.shape.model import Array, Key, Object, Type
from nexiom_runner.shape.tokens import path_of
from nexiom_runner.shape.walker import Mismatch, Pending, match, pending_keys


def differences(shape, text):
    return [(m.path, m.expected, m.found, m.note) for m in match(shape, loads(text)).mismatches]


def test_all_differences_are_told_at_once(read):
    shape = read("{routed: int >= 0, auto_replied: int >= 0, items: [{id: uuid}]}")
    assert differences(shape, '{"routed": "3", "auto_replyed": 1, "items": [{"id": "x"}, 7]}') == [
        ("$.routed", "int >= 0", '"3" (text)', "cast it with ::int inside jsonb_build_object"),
        ("$.auto_replied", "int >= 0", None, 'did you mean the key "auto_replyed" that is there?'),
        ("$.items[0].id", "uuid", '"x" (text)', None),
        (
            "$.items[1]",
            "an object",
            "7 (number)",
            None,
        ),
        ("$.auto_replyed", None, "1 (number)", 'the shape has the key "auto_replied"'),
    ]


CASES = [
    ("int", "3.0", "3.0 (number)", "a numeric keeps its decimals; cast it with ::int inside jsonb_build_object"),
    ("int", '"3"', '"3" (text)', "cast it with ::int inside jsonb_build_object"),
    ("int", "null", "null", "sum, min and max over no rows are null: coalesce(…, 0)"),
    ("int", "true", "true (bool)", None),
    ("int >= 0", "-1", "-1 (number)", None),
    ("number 0..1", "1.01", "1.01 (number)", None),
    ("number", '"NaN"', '"NaN" (text)', "JSON has no such number; to_jsonb writes it as a text"),
    ("number", '"1.5"', '"1.5" (text)', "cast it with ::numeric inside jsonb_build_object"),
    ("bool", '"true"', '"true" (text)', "cast it with ::boolean inside jsonb_build_object"),
    ("bool", "1", "1 (number)", None),
    ("text", "3", "3 (number)", "cast it with ::text inside jsonb_build_object"),
    ("text", "null", "null", "text | null where it may be"),
    ("text len 1..2", '"abc"', '"abc" (text, 3 characters)', None),
    ("text ~ ^a", '"ba"', '"ba" (text)', None),
    ("in(draft sent)", '"Draft"', '"Draft" (text)', None),
    ("3", "3.0", "3.0 (number)", None),
    ("true | null", "false", "false (bool)", None),
    ("null", "0", "0 (number)", None),
    ("uuid", '"6F1B0F0E-2C1D-4E1F-9A3B-0123456789AB"', '"6F1B0F0E-2C1D-4E1F-9A3B-0123456789AB" (text)', None),
    ("date", '"2026-02-30"', '"2026-02-30" (text)', None),
    ("date", '"infinity"', '"infinity" (text)', "an infinite time is no day; text where it may be"),
    (
        "timestamptz",
        '"2026-11-22T10:00:00"',
        '"2026-11-22T10:00:00" (text)',
        "it has no time zone: the column is a timestamp, not a timestamptz",
    ),
]


@pytest.mark.parametrize(("text", "value", "found", "note"), CASES)
def test_a_value_that_does_not_fit_is_explained(read, text, value, found, note):
    (shape,) = (read(f"[{text}]").items,)
    assert differences(shape, value) == [("$", text, found, note)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("text len 1..2", '["a", "ab"]'),
        ("int >= 0 <= 5", "[0, 5]"),
        ("number 0..1", "[0, 1, 1.0]"),
        ("text ~ ^a$ | null", '["a", null]'),
        ("any", '[null, 1, "x", {}]'),
    ],
)
def test_the_ends_of_a_constraint_are_within_it(read, text, values):
    assert differences(read(f"[{text}]"), values) == []


def test_null_where_a_list_is_expected_names_the_empty_aggregate(read):
    assert differences(read("[int]"), "null") == [
        ("$", "a list", "null", "jsonb_agg over no rows is null: coalesce(jsonb_agg(…), '[]')")
    ]


def test_a_document_inside_a_text_is_named(read):
    assert differences(read("{a: int}"), '"{\\"a\\": 1}"') == [
        ("$", "an object", '"{\\"a\\": 1}" (text)', "the JSON is inside a text; cast it with ::jsonb")
    ]


def test_a_list_of_the_wrong_length_is_told_and_its_items_still_walked(read):
    assert differences(read("{$items: int, $size: 2..3}"), '["x"]') == [
        ("$", "a list of 2..3", "a list of 1", None),
        ("$[0]", "int", '"x" (text)', None),
    ]


def test_optional_is_not_nullable(read):
    shape = read("{a?: int, b: int | null}")
    assert differences(shape, '{"b": null}') == []
    assert [path for path, *_ in differences(shape, '{"a": null}')] == ["$.a", "$.b"]


def test_other_keys_are_allowed_only_where_it_says_so(read):
    assert differences(read("{$open: true}"), '{"x": 1}') == []
    assert differences(read("{<text>: int}"), '{"x": 1, "y": "z"}') == [("$.y", "int", '"z" (text)', None)]


def test_a_nullable_object_is_explained_by_the_object(read):
    shape = read("{a: int, $or: null}")
    assert differences(shape, "null") == []
    assert differences(shape, '{"a": "x"}') == [("$.a", "int", '"x" (text)', None)]
    assert differences(shape, "3") == [("$", "an object | null", "3 (number)", None)]


def test_texts_postgresql_prints_are_its_types(read):
    for name, text in (
        ("timestamptz", "2026-11-22T10:00:00.123456+05:30"),
        ("timestamptz", "0044-03-15T00:00:00+00:00 BC"),
        ("timestamptz", "1890-01-01T00:00:00+00:09:21"),
        ("date", "12026-02-28"),
        ("date", "2024-02-29"),
    ):
        assert match(read(f"[{name}]").items, text).mismatches == ()


def test_a_number_out_of_all_bounds_is_a_difference_not_a_crash(read):
    shape = read("[number >= 0]").items
    assert match(shape, Number("1e999999999999999999999")).mismatches != ()
    assert match(shape, Number("9" * 5000)).mismatches == ()


def test_a_pending_value_is_reported_apart(read):
    shape = read("{WHATSAPP_TOKEN: 'true else pending(owner=infrastructure until=2027-06-30)', b: true}")
    found = match(shape, {"WHATSAPP_TOKEN": False, "b": True})
    (key,) = found.pending
    assert found.mismatches == ()
    assert key == Pending("$.WHATSAPP_TOKEN", "$.WHATSAPP_TOKEN", "infrastructure", date(2027, 6, 30), False)
    assert not key.expired(date(2027, 6, 30))
    assert key.expired(date(2027, 7, 1))


def test_a_done_value_never_expires(read):
    shape = read("[true else pending(owner=a until=2020-01-01)]")
    (key,) = match(shape, [True]).pending
    assert key.done
    assert not key.expired(date(2030, 1, 1))


def test_a_missing_or_non_boolean_pending_key_is_a_difference(read):
    shape = read("{a: true else pending(owner=x), b: true else pending(owner=x)}")
    assert match(shape, {"a": None}).mismatches == (
        Mismatch("$.a", "true or false", "null", "bool | null where it may be"),
        Mismatch("$.b", "true or false", None, None),
    )


def test_pending_keys_of_a_shape_are_listed(read):
    shape = read("{a: true else pending(owner=x), b: [{c: true else pending(owner=y)}], <text>: any, $or: null}")
    assert [(key, pending.owner) for key, pending in pending_keys(shape)] == [("$.a", "x"), ("$.b[*].c", "y")]


def test_a_key_that_is_no_word_is_quoted_in_the_path():
    assert path_of("$", "a b") == '$["a b"]'
    assert path_of("$", "a.b") == '$["a.b"]'
    assert path_of("$", "$x") == "$.$x"


def test_long_values_are_cut_and_control_characters_escaped():
    (mismatch,) = match(Type("int"), "é\n" + "x" * 100).mismatches
    assert mismatch.found == '"é\\n' + "x" * 55 + "… (text)"


@given(SHAPES.flatmap(lambda shape: st.tuples(st.just(shape), values_of(shape))))
def test_a_value_made_of_a_shape_meets_it(pair):
    shape, value = pair
    assert match(shape, value).mismatches == ()


LEAVES = Object(
    (Key("list", Array(Object((Key("id", Type("int")), Key("a b", Type("bool")))))), Key("n", Type("text")))
)


@given(values_of(LEAVES), st.data())
def test_one_change_is_found_at_exactly_its_path(value, data):
    changed = copy.deepcopy(value)
    assume(changed["list"])
    index = data.draw(st.integers(0, len(changed["list"]) - 1))
    key, path = data.draw(st.sampled_from([("id", ".id"), ("a b", '["a b"]')]))
    changed["list"][index][key] = None
    assert [m.path for m in match(LEAVES, changed).mismatches] == [f"$.list[{index}]{path}"]


@given(
    SHAPES,
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers().map(str).map(Number),
        lambda v: st.lists(v) | st.dictionaries(st.text(), v),
        max_leaves=8,
    ),
)
def test_any_value_can_be_compared(shape, value):
    assert all(re.match(r"\$", mismatch.path) for mismatch in match(shape, value).mismatches)
