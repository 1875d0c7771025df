"""Objects, lists and keys as YAML writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import Fault, Place
from nexiom_runner.shape.grammar import parse_shape
from nexiom_runner.shape.model import NULL, Array, Either, Key, Literal, Live, Named, Object, Type
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence

INT = Type("int")
PLACES = st.builds(Place, st.just("p.yml"), st.integers(1, 9), st.integers(1, 9))
SCALARS = st.builds(Scalar, st.text(), PLACES, st.booleans())
KEYS = st.builds(
    Scalar, st.text() | st.sampled_from(["$items", "$size", "$or", "$open", "<text>", "a?", "b[1..2]"]), PLACES
)
NODES: st.SearchStrategy[Node] = st.recursive(
    SCALARS,
    lambda nodes: (
        st.builds(Sequence, st.lists(nodes, max_size=3).map(tuple), PLACES)
        | st.builds(Mapping, st.lists(st.tuples(KEYS, nodes), max_size=4).map(tuple), PLACES)
    ),
)


def test_a_mapping_is_an_object(read):
    assert read("{a: int, b: text}") == Object((Key("a", INT), Key("b", Type("text"))))


def test_a_question_mark_makes_a_key_optional(read):
    assert read("{a?: int}") == Object((Key("a", INT, optional=True),))


def test_a_key_with_a_size_is_an_array(read):
    assert read("\n  a[1..50]: int\n  b[3]?: int") == Object(
        (Key("a", Array(INT, 1, 50)), Key("b", Array(INT, 3, 3), optional=True))
    )


def test_a_backslash_takes_a_key_literally(read):
    assert read(r"{'a\?': int, '\$b': int, '\<text>': int, 'c\[1]': int}") == Object(
        (Key("a?", INT), Key("$b", INT), Key("<text>", INT), Key("c[1]", INT))
    )


def test_text_in_angle_brackets_is_every_other_key(read):
    assert read("{<text>: int}") == Object((), INT)


def test_open_allows_any_other_key(read):
    assert read("{a: int, $open: true}") == Object((Key("a", INT),), open=True)


def test_or_null_makes_an_object_or_array_nullable(read):
    assert read("{a: int, $or: null}") == Either((Object((Key("a", INT),)), NULL))
    assert read("{$items: int, $or: null}") == Either((Array(INT), NULL))


def test_a_list_and_items_are_arrays(read):
    assert read("[int]") == Array(INT)
    assert read("{$items: int, $size: 1..50}") == Array(INT, 1, 50)
    assert read("{$items: int, $size: 2..}") == Array(INT, 2, None)


def test_places_are_those_of_the_file(read):
    shape = read("{a: int | null}")
    assert shape.keys[0].place == Place("phase.yml", 1, 5)
    assert [option.place.column for option in shape.keys[0].shape.options] == [8, 14]


def test_unquoted_constants_are_literals(read):
    assert read("[true]") == Array(Literal("true"))
    assert read("[3.0]") == Array(Literal("3.0"))


CASES = {
    "{$size: 3}": """\
error: expected "$items" beside "$size", found none
  phase.yml:1:5
    1 | s: {$size: 3}
      |     ^^^^^""",
    "{$items: int, $size: 5..1}": """\
error: expected a number of items, found "5..1"
  phase.yml:1:25
    1 | s: {$items: int, $size: 5..1}
      |                         ^^^^
hint: Write it like 1..50, 1.. or 3.""",
    "{$items: int, a: int}": """\
error: expected "$items", "$size" or "$or" in an array, found "a"
  phase.yml:1:18
    1 | s: {$items: int, a: int}
      |                  ^
hint: Keys of the items go under "$items".""",
    "{'a[x]': int}": """\
error: expected a number of items, found "x"
  phase.yml:1:8
    1 | s: {'a[x]': int}
      |        ^
hint: Write it like 1..50, 1.. or 3.""",
    "[int, text]": """\
error: expected one shape in a list, found 2
  phase.yml:1:10
    1 | s: [int, text]
      |          ^
hint: A list has the one shape that every item of it has: [int] or [{id: uuid}].""",
    "[]": """\
error: expected one shape in a list, found none
  phase.yml:1:4
    1 | s: []
      |    ^
hint: A list has the one shape that every item of it has: [int] or [{id: uuid}].""",
    "{a: int, $or: text}": """\
error: expected null under "$or", found "text"
  phase.yml:1:18
    1 | s: {a: int, $or: text}
      |                  ^^^^
hint: $or: null lets the object be null; other choices are not known for an object.""",
    "{$open: yes}": """\
error: expected true or false under "$open", found "yes"
  phase.yml:1:12
    1 | s: {$open: yes}
      |            ^^^""",
    "{a: int, $where: a}": """\
error: expected a comparison: =, !=, <, <=, >, >=, is null, found nothing
  phase.yml:1:22
    1 | s: {a: int, $where: a}
      |                      ^
hint: A condition is like sent + failed = total and (len(items) > 0 or closed_at is not null).""",
    "{amount: int, $where: [amont > 1]}": """\
error: no key "amont" in the object of this condition
  phase.yml:1:27
    1 | s: {amount: int, $where: [amont > 1]}
      |                           ^^^^^
hint: Did you mean "amount"?""",
    "{a: int, $where: {a: 1}}": """\
error: expected a condition under "$where", found no text
  phase.yml:1:21
    1 | s: {a: int, $where: {a: 1}}
      |                     ^
hint: Write it like sent <= total, or a list of such texts.""",
    "$1": """\
error: expected the name of a shape behind $, found "$1"
  phase.yml:1:4
    1 | s: $1
      |    ^^
hint: Write it like $overview.""",
    "enum .status": """\
error: expected the name of an enum, found ".status"
  phase.yml:1:9
    1 | s: enum .status
      |         ^^^^^^^
hint: Write it like enum public.status.""",
    "true else pending(owner=x) required production": """\
error: expected "in" after "required", found "production"
  phase.yml:1:40
    1 | s: true else pending(owner=x) required production
      |                                        ^^^^^^^^^^
hint: Write required in production, or required in(production staging).""",
    "true else pending(owner=x) required in()": """\
error: expected a target, found ")"
  phase.yml:1:43
    1 | s: true else pending(owner=x) required in()
      |                                           ^
hint: Write required in production, or required in(production staging).""",
    "{$opne: true}": """\
error: expected "$items", "$size", "$open", "$or" or "$where", found "$opne"
  phase.yml:1:5
    1 | s: {$opne: true}
      |     ^^^^^
hint: Did you mean "$open"?""",
    "{$price: int}": """\
error: expected "$items", "$size", "$open", "$or" or "$where", found "$price"
  phase.yml:1:5
    1 | s: {$price: int}
      |     ^^^^^^
hint: A key that begins with $ is written \\$price.""",
    "{$ref: lead.json}": """\
error: a JSON Schema cannot stand inside a shape
  phase.yml:1:5
    1 | s: {$ref: lead.json}
      |     ^^^^
hint: Write the shape of the value itself; a key that begins with $ is written \\$ref.""",
    "{<uuid>: int}": """\
error: expected "<text>", found "<uuid>"
  phase.yml:1:5
    1 | s: {<uuid>: int}
      |     ^^^^^^
hint: <text>: T is the shape of every other key; keys are texts in JSON.""",
    "{<text>: int, $open: true}": """\
error: expected "$open" or "<text>", found both
  phase.yml:1:4
    1 | s: {<text>: int, $open: true}
      |    ^""",
    "{a: int, a?: int}": """\
error: the key "a" is stated twice
  phase.yml:1:13
    1 | s: {a: int, a?: int}
      |             ^^""",
    "{'a\\': int}": """\
error: expected a key, found "a\\"
  phase.yml:1:5
    1 | s: {'a\\': int}
      |     ^^^^
hint: Write \\\\ for a backslash in a key.""",
}


@pytest.mark.parametrize("text", CASES)
def test_what_cannot_be_is_refused_at_its_place(faults, text):
    assert faults(text) == [CASES[text]]


def test_every_fault_is_told_at_once(faults):
    found = faults("{a: itn, b: [{c: txet | nul}], $size: 3}")
    assert [text.split("\n")[0] for text in faults("{a: itn, b: [{c: txet | nul}]}")] == [
        'error: expected a type, found "itn"',
        'error: expected a type, found "txet"',
        'error: expected a type, found "nul"',
    ]
    assert len(found) > 1


def test_a_bottomless_shape_is_refused():
    node: Node = Scalar("int", Place("p.yml", 1))
    for _ in range(5000):
        node = Sequence((node,), Place("p.yml", 1))
    faults: list[Fault] = []
    parse_shape(node, faults)
    assert [fault.message for fault in faults] == ["a shape is nested more than 100 levels deep"]


@given(NODES)
def test_no_node_makes_the_parser_fall(node):
    faults: list[Fault] = []
    parse_shape(node, faults)
    assert all(fault.place is not None and fault.message for fault in faults)


def test_a_named_shape_an_enum_and_a_domain_stand_where_a_type_does(read):
    found = read("[{a: $overview | null, b: enum status, c: domain crm.email | null}]")
    keys = {key.name: key.shape for key in found.items.keys}
    assert keys["a"] == Either((Named("overview"), NULL))
    assert keys["b"] == Live("enum", "public", "status")
    assert keys["c"] == Either((Live("domain", "crm", "email"), NULL))


def test_pending_work_is_required_on_targets(read):
    one = read("true else pending(owner=web) required in production")
    two = read("true else pending(owner=web until=2027-06-30) required in(production staging)")
    assert (one.required, two.required, two.until.year) == (("production",), ("production", "staging"), 2027)
