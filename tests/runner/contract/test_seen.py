"""Shapes that were seen, written into phase.yml with everything else left as it is."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexiom_runner.contract.seen import Seen, accept_seen
from nexiom_runner.project.in_force import ObjectKey, object_keys
from nexiom_runner.project.load import load_project
from nexiom_runner.shape.json import dumps, loads
from nexiom_runner.shape.walker import match

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["a", "b c", "2026-01-02", "?", "x: #y", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b?", "$c", "d e", "<f>", "g[1]"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.fixture
def accept(tmp_path: Path):
    """The phase.yml of phase 01_a after its function f, or a call of it, was seen to return these JSON texts."""

    def accepted(text, *values, call=None, exact=False, key=None):
        folder = tmp_path / "phases" / "01_a"
        folder.mkdir(parents=True, exist_ok=True)
        (tmp_path / "nexiom.yml").write_text("name: x\n")
        (folder / "apply.sql").write_text("select 1;")
        (folder / "phase.yml").write_text(dedent(text))
        project = load_project(tmp_path)
        of = key or object_keys(project, ["01_a"])[0][1]
        seen = [Seen("01_a", of, call, tuple(loads(value) for value in values))]
        edits = accept_seen(project, ["01_a"], seen, exact=exact)
        return edits[0].after if edits else None

    return accepted


def test_a_shape_that_matches_stays_as_it_is(accept):
    assert accept("expect: {functions: {f: {result: {n: int >= 0}, calls: {c: {}}}}}\n", '{"n": 3}') is None


def test_a_function_without_a_shape_gets_one(accept):
    text = """\
    expect:
      functions:
        f:            # the function
          calls:
            c: {}     # its call
    """
    value = '{"n": 3, "at": "2026-01-02", "items": [{"id": 1, "x?": null}, {"id": 2.5}], "tags": [], "o": {}}'
    assert accept(text, value) == dedent(
        """\
        expect:
          functions:
            f:            # the function
              calls:
                c: {}     # its call
              result:
                n: int
                at: date
                items:
                  - id: number
                    x\\??: null
                tags: [any]
                o: {}
        """
    )


def test_only_the_parts_that_differ_are_replaced(accept):
    text = """\
    expect:
      functions:
        f:
          result:
            # how many were routed
            routed: int >= 0
            gone: text
            name: text len 1..5
            inner: {a: bool, b: int}
            items:
              - id: uuid
                n: int
          calls: {c: {}}
    """
    value = (
        '{"routed": 4, "name": 7, "inner": {"a": true, "b": "x", "c": null}, "items": [{"id": 5, "n": 1}], "new": [1]}'
    )
    assert accept(text, value) == dedent(
        """\
        expect:
          functions:
            f:
              result:
                # how many were routed
                routed: int >= 0
                name: int
                inner: {a: bool, b: text, c: null}
                items:
                  - id: int
                    n: int
                new: [int]
              calls: {c: {}}
        """
    )


def test_an_object_without_a_key_left_is_an_empty_one(accept):
    text = "expect:\n  functions:\n    f:\n      result:\n        a: int\n        b: int\n      calls: {c: {}}\n"
    found = accept(text, "{}")
    assert found == text.replace("result:\n        a: int\n        b: int\n", "result: {}\n")


def test_a_list_of_something_else_is_replaced_whole(accept):
    text = "expect:\n  functions:\n    f:\n      result: [int]   # why\n      calls: {c: {}}\n"
    assert accept(text, '[{"a": null}]') == text.replace("[int]", "[{a: null}]")


def test_a_key_that_some_values_lack_becomes_optional(accept):
    text = "expect:\n  functions:\n    f:\n      result:\n        a: int\n        b: int\n      calls: {c: {}}\n"
    found = accept(text, '{"a": 1, "b": 2}', '{"a": 1}')
    assert found == text.replace("b: int", "b?: int")


def test_what_may_be_null_and_what_is_open_stays_so(accept):
    text = "expect: {functions: {f: {result: {$or: null, $open: true, a: int}, calls: {c: {}}}}}\n"
    found = accept(text, "null", '{"a": "x", "b": 1}')
    assert found == text.replace("a: int", "a: text")


def test_a_calls_own_shape_is_the_one_that_changes(accept):
    text = "expect:\n  functions:\n    f:\n      result: int\n      calls:\n        c:   # why\n          result: 7\n"
    assert accept(text, '"x"', call="c") == text.replace("result: 7", "result: text")


def test_an_overload_is_found_by_its_types(accept):
    text = """\
    expect:
      functions:
        f:
          - arguments: {a: int}
            result: int
            calls: {c: {}}
          - arguments: {a: text}
            result: int
            calls: {c: {}}
    """
    found = accept(text, '"x"', key=ObjectKey("function", "public", "f", ("text",)))
    assert found == dedent(text).replace("{a: text}\n        result: int", "{a: text}\n        result: text")


def test_values_are_written_only_when_asked(accept):
    text = "expect:\n  functions:\n    f:\n      calls: {c: {}}\n"
    values = ('{"n": 3, "s": "a b", "l": [true, null]}', '{"n": 4, "s": "c", "l": []}')
    written = accept(text, *values, exact=True).split("result:\n")[1]
    assert (
        written
        == """\
        n: 3 | 4
        s: "in(\\"a b\\" c)"
        l: [true | null]
"""
    )


def test_more_values_than_a_few_are_a_type(accept):
    text = "expect:\n  functions:\n    f:\n      calls: {c: {}}\n"
    assert accept(text, *map(str, range(6)), exact=True).endswith("result: int\n")


@settings(max_examples=60)
@given(stated=JSON, values=st.lists(JSON, min_size=1, max_size=3), exact=st.booleans())
def test_what_was_written_matches_what_was_seen(tmp_path_factory, stated, values, exact):
    root = tmp_path_factory.mktemp("p")
    folder = root / "phases" / "01_a"
    folder.mkdir(parents=True)
    (root / "nexiom.yml").write_text("name: x\n")
    (folder / "apply.sql").write_text("select 1;")
    text = "expect:\n  functions:\n    f:\n      calls: {c: {}}\n"
    for seen in ([stated], values):
        (folder / "phase.yml").write_text(text)
        project = load_project(root)
        key = object_keys(project, ["01_a"])[0][1]
        json = tuple(loads(dumps_python(value)) for value in seen)
        edits = accept_seen(project, ["01_a"], [Seen("01_a", key, None, json)], exact=exact)
        text = edits[0].after if edits else text
    (folder / "phase.yml").write_text(text)
    shape = load_project(root).phases[0].functions[0].result
    assert [match(shape, loads(dumps_python(value))).mismatches for value in values] == [()] * len(values)


def dumps_python(value):
    """JSON of a Python value; numbers are ints alone."""
    if isinstance(value, bool) or not isinstance(value, int):
        if isinstance(value, list):
            return "[" + ", ".join(map(dumps_python, value)) + "]"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{dumps(key)}: {dumps_python(each)}" for key, each in value.items()) + "}"
        return dumps(value)
    return str(value)
