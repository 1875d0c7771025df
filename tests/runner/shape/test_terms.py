"""Shapes written as a text, and how each mistake in one is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import Fault, Place
from nexiom_runner.shape.model import (
    NULL,
    Bound,
    Either,
    Enum,
    Length,
    Literal,
    Pattern,
    PendingTrue,
    Range,
    Type,
)
from nexiom_runner.shape.terms import parse_count, parse_text
from nexiom_runner.tree import Scalar

GOOD = {
    "int": Type("int"),
    "int >= 0": Type("int", (Bound(">=", "0"),)),
    "int>0": Type("int", (Bound(">", "0"),)),
    "number > -1.5 <= 5": Type("number", (Bound(">", "-1.5"), Bound("<=", "5"))),
    "number 0..1": Type("number", (Range("0", "1"),)),
    "text len 1..64": Type("text", (Length(1, 64),)),
    "text len 36": Type("text", (Length(36, 36),)),
    "text ~ ^(a|b)$ len 1..": Type("text", (Pattern("^(a|b)$"), Length(1, None))),
    "int | null": Either((Type("int"), NULL)),
    "in(draft queued sent)": Enum(("draft", "queued", "sent")),
    '\'in("3" "a b" c-d)\'': Enum(("3", "a b", "c-d")),
    "true | 3 | 3.0": Either((Literal("true"), Literal("3"), Literal("3.0"))),
    "true else pending(owner=infrastructure)": PendingTrue("infrastructure"),
    "true else pending(owner=web until=2027-06-30)": PendingTrue("web", date(2027, 6, 30)),
    "'true else pending(owner=\"the web team\", until=2027-06-30)'": PendingTrue("the web team", date(2027, 6, 30)),
}


@pytest.mark.parametrize("text", GOOD)
def test_a_text_is_read(read, text):
    assert read(text) == GOOD[text]


BAD = {
    "integer": ('expected a type, found "integer"', 1, 7, 'Did you mean "int"?'),
    "itn >= 0": ('expected a type, found "itn"', 1, 3, 'Did you mean "int"?'),
    "int | bolean": ('expected a type, found "bolean"', 7, 6, 'Did you mean "bool"?'),
    "frobnicate": (
        'expected a type, found "frobnicate"',
        1,
        10,
        "The types are int, number, text, bool, any, uuid, date, timestamptz and in(…).",
    ),
    "int |": ("expected a type, found nothing", 6, 1, None),
    "| int": ('expected a type, found "|"', 1, 1, None),
    "int null": (
        'expected a constraint after "int", found "null"',
        5,
        4,
        "Options are separated by a bar: int | null.",
    ),
    "int 3": (
        'expected a constraint after "int", found "3"',
        5,
        1,
        "The constraints of a number are >= 0, > 0, <= 5, < 5 and 0..1.",
    ),
    "bool maybe": ('expected a constraint after "bool", found "maybe"', 6, 5, None),
    "text > 3": (
        'expected no constraint of this kind after "text", found ">"',
        6,
        1,
        'It goes with "int" or "number".',
    ),
    "int len 3": (
        'expected no constraint of this kind after "int", found "len"',
        5,
        3,
        'It goes with "text".',
    ),
    "int >= x": ('expected a number, found "x"', 8, 1, None),
    "int >= 0 >= 1": ('expected each constraint once, found ">="', 10, 2, None),
    "number 5..1": (
        'expected a range from the lower to the higher number, found "5..1"',
        8,
        4,
        "Did you mean 1..5?",
    ),
    "number 0..": (
        'expected a range of two numbers, found "0.."',
        8,
        3,
        "Write it like 0..1; one end alone is >= 0 or <= 1.",
    ),
    "text len x": ('expected a length, found "x"', 10, 1, "Write it like len 1..64, len 1.. or len 36."),
    "text ~ a(": (
        'the regular expression has a "(" that is not closed',
        9,
        1,
        "A parenthesis itself is written \\(.",
    ),
    "text ~": (
        "the regular expression is empty",
        7,
        1,
        "Write it after the ~; a space in it is written \\s or \\x20.",
    ),
    "text ~ ^a b$": (
        'expected a constraint after "text", found "b$"',
        11,
        2,
        "The constraints of a text are len 1..64 and ~ regex.",
    ),
    "true false": (
        'expected the end of the shape, found "false"',
        6,
        5,
        "Pending work is written true else pending(owner=infrastructure).",
    ),
    "in draft": ('expected "(" after "in", found "draft"', 4, 5, "Write in(draft queued sent)."),
    "in()": (
        'expected a text, found ")"',
        4,
        1,
        "Values are separated by spaces; one that holds anything else is written in double quotes.",
    ),
    "in(a, b)": (
        'expected ")" or a text, found ","',
        5,
        1,
        "Values are separated by spaces; one that holds anything else is written in double quotes.",
    ),
    "in(1 2)": (
        'expected a text, found "1"',
        4,
        1,
        'Write "1" for the text, or a bar between other values: 1 | …',
    ),
    "in('to do')": (
        'expected a text, found "\'to"',
        4,
        3,
        'A text with a space or a quote is written in double quotes: in("from the test").',
    ),
    "in(a a)": ('expected each text once, found "a"', 6, 1, None),
    'in("a': ('a text begins with " and does not end', 4, 2, None),
    "Bonjour test": ('expected a type, found "Bonjour"', 1, 7, 'Write in("Bonjour test") for exactly this text.'),
    "[any] len 0": (
        'expected a type, found "[any]"',
        1,
        5,
        "A list without items is key[0]: any; of 1 to 50 items it is key[1..50]: T.",
    ),
    '"draft"': ('expected a type, found "draft"', 1, 7, 'Write in("draft") for exactly this text.'),
    "true else pendng(owner=a)": (
        'expected "pending" after "else", found "pendng"',
        11,
        6,
        "Write true else pending(owner=infrastructure) or pending(owner=web until=2027-06-30).",
    ),
    "true else pending(ower=a)": (
        'expected "owner=" or "until=", found "ower"',
        19,
        4,
        'Did you mean "owner"?',
    ),
    "true else pending()": (
        'expected "owner=" inside pending(), found ")"',
        19,
        1,
        "Write true else pending(owner=infrastructure) or pending(owner=web until=2027-06-30).",
    ),
    "true else pending(owner=a owner=b)": (
        'expected "owner=" once, found "owner"',
        27,
        5,
        "Write true else pending(owner=infrastructure) or pending(owner=web until=2027-06-30).",
    ),
    "true else pending(owner=a until=2027-02-30)": (
        'expected a day, found "2027-02-30"',
        33,
        10,
        "Write it like until=2027-06-30.",
    ),
    "true else pending(owner=a) | null": (
        "expected pending to stand alone, found it beside another shape",
        1,
        4,
        None,
    ),
    "  ": ("expected a shape, found nothing", 1, 1, "Write null for the value null."),
}
TYPES_HINT = "The types are int, number, text, bool, any, uuid, date, timestamptz and in(…)."


@pytest.mark.parametrize("text", BAD)
def test_a_mistake_is_told_at_its_character(text):
    message, column, width, hint = BAD[text]
    faults: list[Fault] = []
    parse_text(Scalar(text, Place("p.yml", 1)), faults)
    (fault,) = faults
    assert (fault.message, fault.place, fault.width) == (message, Place("p.yml", 1, column), width)
    assert fault.hint == (TYPES_HINT if hint is None and "a type" in message else hint)


def test_a_constant_in_quotes_is_not_guessed(faults):
    assert faults('"true"') == [
        """\
error: expected a shape, found true in quotes
  phase.yml:1:4
    1 | s: "true"
      |    ^^^^^^
hint: Write true without quotes for the value, or in("true") for the text."""
    ]


def test_places_inside_quotes_count_the_quote(faults):
    assert faults('"int | txet"')[0].split("\n")[1:4] == [
        "  phase.yml:1:11",
        '    1 | s: "int | txet"',
        "      |           ^^^^",
    ]


def test_counts_are_ranges_or_numbers():
    assert [parse_count(text) for text in ("3", "1..5", "2..", "5..1", "..3", "x", "")] == [
        (3, 3),
        (1, 5),
        (2, None),
        None,
        None,
        None,
        None,
    ]


@given(st.text(alphabet="int|>=<~(). \"'\\,0159-alenupdgxtwr\n") | st.text(), st.booleans())
def test_no_text_makes_the_parser_fall(text, plain):
    faults: list[Fault] = []
    parse_text(Scalar(text, Place("p.yml", 1), plain), faults)
    assert all(fault.place is not None and fault.place.column >= 1 and fault.width >= 1 for fault in faults)
