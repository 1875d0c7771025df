"""Regular expressions: as Python where both read them, bounded in time, and refused where they cannot be."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.shape.regex import refusal, search

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", "^", "$", r"\b", "c", "1", r"[\w-]"])
REGEXES = st.recursive(
    ATOMS,
    lambda parts: (
        st.lists(parts, min_size=1, max_size=3).map("".join)
        | st.tuples(parts, parts).map("(?:{0[0]}|{0[1]})".format)
        | st.tuples(parts, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,}"])).map("(?:x|{0[0]}){0[1]}".format)
    ),
    max_leaves=6,
)


@given(REGEXES, st.text("ab1c -x", max_size=8))
def test_it_finds_what_python_finds(regex, text):
    assert search(regex, text) == (re.search(regex.replace("$", r"\Z"), text, re.DOTALL) is not None)


def test_time_is_linear_where_backtracking_is_exponential():
    start = time.process_time()
    assert not search("^(a+)+$", "a" * 20_000 + "b")
    assert not search("^(a|a)*b(a?){30}a{30}$", "a" * 2_000)
    assert time.process_time() - start < 2


def test_the_dialect_is_postgresqls_where_they_differ():
    assert search("^a.b$", "a\nb")
    assert not search("^a$", "a\n")
    assert search(r"^\w+$", "été")
    assert search(r"^\u00e9\x20\t$", "é \t")


def test_assertions_hold_between_characters():
    assert search(r"\bfoo\b", "a foo.")
    assert not search(r"\bfoo\b", "afoo")
    assert search(r"o\Bo", "foo")
    assert not search(r"o\B$", "foo")


REFUSED = {
    "(a": ('has a "(" that is not closed', 0),
    "a)": ('has a ")" that closes nothing', 1),
    "[a": ('has a "[" that is not closed', 0),
    "a**": ("repeats a repetition", 2),
    "*a": ('has "*" after nothing', 0),
    "^*": ("repeats what takes no character", 0),
    "a{x": ('has "{" without a number', 1),
    "a{3,2}": ('has "{3,2}"', 1),
    "(?=a)": ('has "(?="', 0),
    r"(a)\1": (r'has "\1"', 3),
    r"\p": (r'has "\p"', 0),
    r"\xg0": (r'has "\x" without 2 hexadecimal digits', 0),
    "[b-a]": ("has a range that runs backwards", 1),
    "[[:alpha:]]": ('has "[:"', 1),
    "a\\": ("ends in a backslash", 1),
    "(a{100}){100}": ("repeats too much", 0),
    "(" * 40: ("nests groups more than 30 deep", 30),
    "a" * 501: ("is longer than 500 characters", 0),
}


@pytest.mark.parametrize("regex", REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_used_is_refused_at_its_character(regex):
    found = refusal(regex)
    assert found is not None
    assert (found.message, found.offset) == REFUSED[regex]


@given(st.text("ab()[]{}|*+?^$\\-.0,:=xudws", max_size=20))
def test_no_expression_makes_the_reader_fall(regex):
    if refusal(regex) is None:
        search(regex, "ab")
