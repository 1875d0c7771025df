"""What is printed reads back as the same shape."""

import pytest
from hypothesis import given
from shape_strategies import SHAPES

from nexiom_runner.errors import Fault
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.shape.grammar import parse_shape
from nexiom_runner.shape.model import Array, Either, Key, Object, PendingTrue, Type
from nexiom_runner.shape.printing import print_shape, short
from nexiom_runner.tree import Mapping


@given(SHAPES)
def test_a_printed_shape_reads_back_the_same(shape):
    faults: list[Fault] = []
    tree = read_tree(f"s: {print_shape(shape)}", "phase.yml", faults)
    assert isinstance(tree, Mapping)
    assert parse_shape(tree.entries[0][1], faults) == shape
    assert faults == []


@pytest.mark.parametrize(
    "text",
    [
        "{routed: int >= 0, auto_replied?: int | null}",
        "[{id: uuid, at: timestamptz}]",
        "{$items: text, $size: 1..50}",
        "{a: in(draft queued sent), <text>: any}",
        "{a: true else pending(owner=infrastructure until=2027-06-30), $or: null}",
        '{"on": "text ~ ^[a-z]+$", "a key": any, $open: true}',
        r"""{a: "in(\"'tis\" it's)"}""",
    ],
)
def test_what_people_write_is_printed_as_they_write_it(read, text):
    assert print_shape(read(text)) == text


def test_messages_name_lists_and_objects_in_a_few_words():
    assert short(Array(Type("int"))) == "a list"
    assert short(Array(Type("int"), 1, 50)) == "a list of 1..50"
    assert short(Either((Object((Key("a", Type("int")),)), Type("null")))) == "an object | null"
    assert short(PendingTrue("web")) == "true else pending(owner=web)"
