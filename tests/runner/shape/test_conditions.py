"""Conditions over the keys of one object: what they say, what holds, what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexiom_runner.shape.conditions import NotUnderstood, facts, holds, parse_condition
from nexiom_runner.shape.json import loads
from nexiom_runner.shape.walker import Mismatch, match

VALUE = loads(
    '{"sent": 5, "failed": 1.0, "total": 6, "status": "open", "closed_at": null, "done": true,'
    ' "items": [1, 2], "inner": {"n": -3}, "from": "2026-01-02", "to": "2026-02-01"}'
)


@pytest.mark.parametrize(
    "text",
    [
        "sent + failed = total",
        "total - failed = sent and sent < total",
        "sent <= total and failed >= 1 and failed = 1",
        "len(items) = 2 and len(status) > 3 and len(inner) = 1",
        'status = "open" or closed_at is not null',
        "not (closed_at is not null)",
        "closed_at is null and closed_at = null and nothing is null",
        "done = true and done != false and done != 1",
        "inner.n = -3 and inner.none is null",
        "from <= to",
        'not status = "closed" and not not status = "open"',
        "sent = 7 or sent = 5 and total = 6",
        "from < closed_at or closed_at is null",
        "not sent < status and status + 1 != 2",
    ],
)
def test_what_is_so_holds(text):
    assert holds(parse_condition(text), VALUE)


@pytest.mark.parametrize(
    "text",
    [
        "sent = total",
        'sent = "5"',
        "status < 3",
        "closed_at > 1",
        "status + 1 = 2",
        "len(sent) = 1",
        "(sent = 7 or sent = 5) and total = 7",
        "done = 1",
    ],
)
def test_what_is_not_so_or_cannot_be_compared_does_not_hold(text):
    assert not holds(parse_condition(text), VALUE)


def test_the_values_a_condition_is_about_are_told_once():
    term = parse_condition('sent + failed > sent or status = "x" or len(items) > 9 or inner.n = 1 or closed_at = 1')
    assert facts(term, VALUE) == 'sent 5, failed 1.0, status "open", len(items) 2, inner.n -3, closed_at null'


@pytest.mark.parametrize(
    ("text", "expected", "offset"),
    [
        ("sent", "a comparison: =, !=, <, <=, >, >=, is null", 4),
        ("sent = ", "a key, a number, a text in quotes, true, false or null", 7),
        ("sent = 1 2", '"and", "or" or the end', 9),
        ("(sent = 1", '")"', 9),
        ("sent is 3", '"null"', 8),
        ("len(items = 1", '")"', 10),
        ("a. = 1", "a key", 3),
        ("sent ~ 1", "a key, a value or an operator", 5),
        ("and = 1", "a key, a number, a text in quotes, true, false or null", 0),
        ("(" * 40 + "a = 1", "no more than 30 levels", 31),
    ],
)
def test_what_is_no_condition_is_refused_where_it_stops_being_one(text, expected, offset):
    with pytest.raises(NotUnderstood) as caught:
        parse_condition(text)
    assert (caught.value.expected, caught.value.offset) == (expected, offset)


@settings(max_examples=150)
@given(st.text("ab .()=<>!+-\"'0 andorilsu", max_size=24))
def test_any_text_is_a_condition_or_refused(text):
    with suppress(NotUnderstood):
        assert holds(parse_condition(text), VALUE) in (True, False)


def test_a_difference_names_the_condition_and_the_values(read):
    shape = read("{sent: int, total: int, $where: [sent <= total, total < 9]}")
    assert match(shape, loads('{"sent": 12, "total": 9}')).mismatches == (
        Mismatch("$", "sent <= total", "sent 12, total 9"),
        Mismatch("$", "total < 9", "total 9"),
    )


def test_a_condition_is_not_looked_at_where_its_object_differs(read):
    shape = read("{sent: int, total: int, $where: sent <= total}")
    assert [one.path for one in match(shape, loads('{"sent": 12, "total": "9"}')).mismatches] == ["$.total"]


def test_a_condition_holds_for_each_item_of_a_list(read):
    shape = read("[{a: int, b: int, $where: a = b}]")
    found = match(shape, loads('[{"a": 1, "b": 1}, {"a": 1, "b": 2}]')).mismatches
    assert found == (Mismatch("$[1]", "a = b", "a 1, b 2"),)
