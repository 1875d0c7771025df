"""Shapes of values that were seen."""

from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import Fault
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.shape.grammar import parse_shape
from nexiom_runner.shape.infer import infer_items, infer_shape
from nexiom_runner.shape.json import Number, loads
from nexiom_runner.shape.printing import print_shape
from nexiom_runner.shape.walker import match
from nexiom_runner.tree import Mapping

NUMBERS = st.sampled_from(["3", "3.0", "-1", "1e9"]).map(Number)
JSON = st.recursive(
    st.none() | st.booleans() | st.text() | NUMBERS | st.just("2026-11-22"),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=12,
)


def inferred(text: str) -> str:
    return print_shape(infer_shape(loads(text)))


def test_types_are_seen_and_values_are_not_kept():
    text = '{"n": 3, "x": 3.0, "t": "secret", "at": "2026-11-22T10:00:00+00:00", "ok": true, "no": null}'
    assert inferred(text) == '{n: int, x: number, t: text, at: timestamptz, ok: bool, "no": null}'


def test_items_become_one_shape():
    assert inferred('[{"a": 1}, {"a": 2.5, "b": "x"}]') == "[{a: number, b?: text}]"


def test_a_key_that_is_sometimes_null_may_be_null():
    assert inferred('[{"a": null}, {"a": 1}]') == "[{a: int | null}]"
    assert inferred('[{"a": null}, {"a": {"b": 1}}]') == "[{a: {b: int, $or: null}}]"


def test_an_empty_list_says_nothing_of_its_items():
    assert inferred("[]") == "[any]"
    assert inferred("[[], [1]]") == "[[int]]"


def test_what_the_grammar_cannot_write_is_any():
    assert inferred('[1, {"a": 1}]') == "[any]"


def test_a_bottomless_value_ends_in_any():
    value: object = "x"
    for _ in range(300):
        value = [value]
    assert print_shape(infer_shape(value)).count("[") == 41


@given(JSON)
def test_a_value_meets_the_shape_that_was_seen_in_it(value):
    assert match(infer_shape(value), value).mismatches == ()


@given(st.lists(JSON, max_size=4))
def test_one_shape_is_met_by_every_value_it_was_seen_in(values):
    shape = infer_items(values)
    assert all(match(shape, value).mismatches == () for value in values)


@given(JSON)
def test_a_seen_shape_can_be_written_to_a_file(value):
    faults: list[Fault] = []
    shape = infer_shape(value)
    tree = read_tree(f"s: {print_shape(shape)}", "phase.yml", faults)
    assert isinstance(tree, Mapping)
    assert parse_shape(tree.entries[0][1], faults) == shape
    assert faults == []
