"""Comments and white space do not count; everything else does."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nexiom_runner.sql.fingerprint import semantic
from nexiom_runner.sql.lexer import is_blank, lexemes, unterminated

TOKENS = ["select", "a", ",", "'x'", "$$y$$", '"Z"', "1.5", "(", ")", "::", "+", "$1", "E'\\n'", "||", ";"]
BLANKS = st.sampled_from([" ", "\n", "\t", " -- comment\n", " /* comment /* nested */ */ ", "\r\n"])


@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=10), st.data())
def test_white_space_and_comments_do_not_count(pieces: list[str], data: st.DataObject) -> None:
    assume(not any(a[-1] == b[0] == "'" or b.startswith("E'") for a, b in pairwise(pieces)))
    spaced = "".join(data.draw(BLANKS) + piece for piece in pieces)
    assert semantic(spaced) == semantic(" ".join(pieces))


@given(st.text(max_size=20), st.text(max_size=20))
def test_another_literal_is_another_fingerprint(one: str, other: str) -> None:
    assume(one != other and "\0" not in one + other)
    quoted = ["select '" + text.replace("'", "''") + "'" for text in (one, other)]
    assert semantic(quoted[0]) != semantic(quoted[1])


@given(st.text(max_size=40))
def test_blanks_at_the_ends_do_not_count(text: str) -> None:
    assume(unterminated(lexemes(text)) is None and "\\" not in text)
    assert semantic(f"-- a\n {text}\n/* b */") == semantic(text)


@given(st.lists(st.sampled_from(TOKENS), max_size=6), st.lists(st.sampled_from(TOKENS), max_size=6))
def test_other_tokens_are_another_fingerprint(one: list[str], other: list[str]) -> None:
    assert (semantic(" ".join(one)) == semantic(" ".join(other))) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT A", "select a"),
        ("select a;", "select  a ;"),
        ("select a -- b", "select a /* c */"),
        ("select 'a' -- x\n  'b'", "select 'a'\n'b'"),
        ("select 'a'\n\n'b'", "select 'a'\n'b'"),
        ("-- nexiom: x  \nselect 1", "-- nexiom: x\nselect 1"),
    ],
)
def test_these_are_the_same(one: str, other: str) -> None:
    assert semantic(one) == semantic(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 'a'\n'b'", "select 'a' 'b'"),
        ("select 'a' /* \n */ 'b'", "select 'a'\n'b'"),
        ("select E'a'\n'b'", "select E'a' 'b'"),
        ("select 'ab'", "select 'a'\n'b'"),
        ('select "A"', 'select "a"'),
        ('select "a"', "select a"),
        ("select 'A'", "select 'a'"),
        ("select $$a$$", "select $x$a$x$"),
        ("select $$ a$$", "select $$a$$"),
        ("select $$a -- b\n$$", "select $$a\n$$"),
        ("select 1.0", "select 1.00"),
        ("select a<b", "select a< =b"),
        ("select a <= b", "select a < = b"),
        ("select É", "select é"),
        ("-- nexiom: one\nselect 1", "select 1"),
        ("-- nexiom: one\nselect 1", "-- nexiom: two\nselect 1"),
        ("select '‹secret:A›'", "select '‹secret:B›'"),
        ("select 1", "select 1;"),
    ],
)
def test_these_differ(one: str, other: str) -> None:
    assert semantic(one) != semantic(other)


def test_fingerprint_is_as_it_was_when_ledgers_were_written() -> None:
    text = "Create Table T (a int); -- nexiom: keep\nselect 'a'\n'b' /* gone */ from \"T\";"
    assert semantic(text) == "c14844c5e8160f475c7445b3112dc1f09fc9e38e408beae0e269cc27a7f859c4"


def test_nothing_has_a_fingerprint_too() -> None:
    assert all(is_blank(piece) for piece in lexemes("-- a\n"))
    assert semantic("-- a\n") == semantic("")
