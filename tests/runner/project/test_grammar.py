"""The small texts of phase.yml in their parts."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.project.grammar import (
    ArgumentText,
    ColumnText,
    NotUnderstood,
    is_balanced,
    parse_argument,
    parse_column,
    parse_name,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("text", ("text", None, None)),
        ("text null", ("text", False, None)),
        ("text not null default 'x'", ("text", True, "'x'")),
        ("TEXT NOT NULL DEFAULT 'X'", ("TEXT", True, "'X'")),
        ("text default 'a  not null' not null", ("text", True, "'a  not null'")),
        ("text default null", ("text", None, "null")),
        ("text default null null", ("text", False, "null")),
        ("boolean default a is not null", ("boolean", None, "a is not null")),
        ("numeric(10, 2) not null", ("numeric(10, 2)", True, None)),
        ("timestamp with time zone default now()", ("timestamp with time zone", None, "now()")),
        (
            'crm."Weird type"[] default \'{}\'::crm."Weird type"[]',
            ('crm."Weird type"[]', None, "'{}'::crm.\"Weird type\"[]"),
        ),
        ("text default 'it''s default' || ' x'", ("text", None, "'it''s default' || ' x'")),
        ("int default (1 + 2)", ("int", None, "(1 + 2)")),
    ],
)
def test_a_column_is_a_type_perhaps_not_null_and_a_default(text, parts):
    assert parse_column(text) == ColumnText(*parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("text", ("in", "text", None)),
        ("in text", ("in", "text", None)),
        ("interval = '1 hour'", ("in", "interval", "'1 hour'")),
        ("interval default '1 = 1'", ("in", "interval", "'1 = 1'")),
        ("integer := 100", ("in", "integer", "100")),
        ("integer=100", ("in", "integer", "100")),
        ("variadic uuid[]", ("variadic", "uuid[]", None)),
        ("out bigint", ("out", "bigint", None)),
        ("INOUT double precision = 1", ("inout", "double precision", "1")),
        ("text[] = array['a=b', 'c']", ("in", "text[]", "array['a=b', 'c']")),
        ("out", ("in", "out", None)),
    ],
)
def test_an_argument_is_a_mode_a_type_and_a_default(text, parts):
    assert parse_argument(text) == ArgumentText(*parts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("leads", ("public", "leads")),
        ("crm.leads", ("crm", "leads")),
        ("Leads", ("public", "Leads")),
        ("Weird Name", ("public", "Weird Name")),
        ('"Weird.Name"', ("public", "Weird.Name")),
        ('crm."a""b"', ("crm", 'a"b')),
        ("ütf", ("public", "ütf")),
    ],
)
def test_a_name_is_as_the_catalog_has_it(text, name):
    assert parse_name(text) == name


@pytest.mark.parametrize("text", ["", " a", "a ", "a.b.c", "f(integer)", ".a", "a.", 'a"b', '"a'])
def test_what_is_no_name_is_not_understood(text):
    with pytest.raises(NotUnderstood):
        parse_name(text)


@given(st.text(min_size=1).map(lambda name: '"' + name.replace('"', '""') + '"'), st.text(min_size=1))
def test_any_quoted_name_is_a_name(quoted, name):
    assert parse_name(f'"{name.replace(chr(34), chr(34) * 2)}".{quoted}') == (name, quoted[1:-1].replace('""', '"'))


@given(st.sampled_from([parse_column, parse_argument, parse_name]), st.text("abc ='\"()[]:,.nul defaut", max_size=30))
def test_any_text_is_understood_or_not(parse, text):
    with contextlib.suppress(NotUnderstood):
        assert parse(text)


@pytest.mark.parametrize(
    ("text", "balanced"),
    [("a(b[c])", True), ("')'", True), ('"("', True), ("(", False), (")(", False), ("'", False), ("it''s", True)],
)
def test_brackets_inside_quotes_do_not_count(text, balanced):
    assert is_balanced(text) is balanced
