"""The lexer keeps every character and tells tokens as PostgreSQL does."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.sql.lexer import (
    Kind,
    fold,
    identifier,
    is_blank,
    kind_of,
    lexemes,
    significant,
    string_value,
    tokens,
    unterminated,
)

PIECES = [
    "'",
    '"',
    "$",
    "$$",
    "$a$",
    "/*",
    "*/",
    "--",
    "\n",
    "E'",
    "U&'",
    "\\",
    ";",
    "a",
    "é",
    " ",
    "1",
    ".",
    "e",
    "+",
    "-",
]
SQL_LIKE = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(st.text(max_size=60) | SQL_LIKE)
def test_joined_lexemes_are_the_text(text: str) -> None:
    assert "".join(lexemes(text)) == text


@given(st.text(max_size=40) | SQL_LIKE)
def test_tokens_follow_each_other_without_gap(text: str) -> None:
    found = tokens(text)
    assert [token.start for token in found] == [0, *(token.end for token in found)][: len(found)]
    assert (found[-1].end if found else 0) == len(text)


@given(st.text(max_size=40) | SQL_LIKE)
def test_every_lexeme_has_a_kind_and_no_lexeme_is_empty(text: str) -> None:
    assert all(piece and kind_of(piece) in Kind for piece in lexemes(text))


@given(SQL_LIKE)
def test_what_is_closed_is_closed_wherever_it_stands(text: str) -> None:
    assert unterminated(lexemes(f"{text}\n")) == unterminated(lexemes(f"select 1;{text}\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/* a /* b */ c */x", ["/* a /* b */ c */", "x"]),
        ("/*/*/*/*/*/*deep*/*/*/*/*/*/x", ["/*/*/*/*/*/*deep*/*/*/*/*/*/", "x"]),
        ("'it''s'x", ["'it''s'", "x"]),
        ("E'it\\'s'x", ["E'it\\'s'", "x"]),
        ("e'\\\\'x", ["e'\\\\'", "x"]),
        ("'\\'x", ["'\\'", "x"]),
        ("$$a$b$$x", ["$$a$b$$", "x"]),
        ("$a$ $$ $a $a$x", ["$a$ $$ $a $a$", "x"]),
        ("$é1$;$é1$", ["$é1$;$é1$"]),
        ("a$b$c", ["a$b$c"]),
        ("$1$2", ["$1", "$2"]),
        ("1..10", ["1", "..", "10"]),
        ("1.5e-3", ["1.5e-3"]),
        ("0x1F 1_000 .5 5.", ["0x1F", " ", "1_000", " ", ".5", " ", "5."]),
        ("a<--b", ["a", "<", "--b"]),
        ("+-/*c*/1", ["+", "-", "/*c*/", "1"]),
        ("@-1", ["@-", "1"]),
        ("=-1", ["=", "-", "1"]),
        ("a->>'b'", ["a", "->>", "'b'"]),
        ("a::text:=", ["a", "::", "text", ":="]),
        ("B'1'X'F'N'x'", ["B'1'", "X'F'", "N'x'"]),
        ("U&'x'U&\"y\"", ["U&'x'", 'U&"y"']),
        ('"a""b"', ['"a""b"']),
        ("naïve", ["naïve"]),
        ("a\\i f;\nb", ["a", "\\i f;", "\n", "b"]),
        ("u & 'x'", ["u", " ", "&", " ", "'x'"]),
        ("1e", ["1", "e"]),
    ],
)
def test_text_is_cut_as_postgresql_cuts_it(text: str, expected: list[str]) -> None:
    assert lexemes(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (" \n", Kind.SPACE),
        ("-- x", Kind.COMMENT),
        ("/* x */", Kind.COMMENT),
        ("-", Kind.OPERATOR),
        ("/", Kind.OPERATOR),
        ("select", Kind.WORD),
        ("élan", Kind.WORD),
        ("number", Kind.WORD),
        ('"a"', Kind.QUOTED),
        ('u&"a"', Kind.QUOTED),
        ("'a'", Kind.STRING),
        ("e'a'", Kind.STRING),
        ("u&'a'", Kind.STRING),
        ("$$a$$", Kind.DOLLAR),
        ("$1", Kind.PARAMETER),
        ("12", Kind.NUMBER),
        (".5", Kind.NUMBER),
        (".", Kind.PUNCTUATION),
        ("::", Kind.PUNCTUATION),
        ("\\set x", Kind.META),
        ("{", Kind.OTHER),
        ("$", Kind.OTHER),
    ],
)
def test_kind_is_told_by_the_first_characters(text: str, kind: Kind) -> None:
    assert [token.kind for token in tokens(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("select 'a", "string"),
        ("select E'a\\'", "string"),
        ('select "a', "quoted identifier"),
        ("select $$a", "dollar-quoted string"),
        ("select $a$ $$", "dollar-quoted string"),
        ("select /* a /* b */", "comment"),
        ("select /*/*/*/*/*/*/*/*", "comment"),
        ("select 'a'", None),
        ("/*/*/*/*/*/*deep*/*/*/*/*/*/", None),
        ("-- 'a", None),
        ("", None),
    ],
)
def test_what_never_ends_is_known(text: str, what: str | None) -> None:
    assert unterminated(lexemes(text)) == what


def test_identifiers_are_folded_in_ascii_alone() -> None:
    assert fold("ÉTÉ_A") == "ÉtÉ_a"


def test_identifiers_end_after_63_bytes() -> None:
    assert fold("A" * 70) == "a" * 63
    assert fold("é" * 40) == "é" * 31


@pytest.mark.parametrize(
    ("lexeme", "name"),
    [("Abc", "abc"), ('"A""b"', 'A"b'), ('U&"d\\0061t\\+000061"', "data"), ("'a'", None), ("1", None)],
)
def test_identifier_is_what_a_lexeme_names(lexeme: str, name: str | None) -> None:
    assert identifier(lexeme) == name


@pytest.mark.parametrize(
    ("lexeme", "value"),
    [
        ("'it''s'", "it's"),
        ("e'a\\nb\\'c\\\\'", "a\nb'c\\"),
        ("$x$a$$b$x$", "a$$b"),
        ("$$open", None),
        ("'open", None),
        ("abc", None),
    ],
)
def test_string_value_is_what_is_within(lexeme: str, value: str | None) -> None:
    assert string_value(lexeme) == value


def test_significant_leaves_out_white_space_and_comments() -> None:
    assert significant(lexemes("a -- c\n /* d */ b")) == [(0, "a"), (16, "b")]
    assert [is_blank(piece) for piece in ("-", "--", "\t", "/", "/**/")] == [False, True, True, False, True]


@pytest.mark.parametrize("piece", ["'", "/*", "$a$", "(", "+", "E'\\", "a$", "/*a*/", "/*/*/*/*/*/**/*/*/*/*/*/"])
def test_time_grows_with_the_size_alone(piece: str) -> None:
    text = piece * 20_001
    start = time.process_time()
    assert sum(map(len, lexemes(text))) == len(text)
    assert time.process_time() - start < 2


def test_a_large_script_is_lexed_in_seconds() -> None:
    text = "insert into public.messages (id, body) values (1234, 'some text of a message'); -- a comment\n" * 20_000
    start = time.process_time()
    lexemes(text)
    assert len(text) / 1e6 / (time.process_time() - start) > 1  # 8 to 12 MB/s on an idle core
