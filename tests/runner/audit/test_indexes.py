"""Definitions of indexes: read from text, compared part by part in the server's own spelling."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.audit.indexes import (
    Definition,
    IndexKey,
    Unreadable,
    live_definition,
    read_definition,
    spelled,
)
from nexiom_runner.catalog.model import Index

Audited = Callable[..., list[str]]

T = "create table t (id int primary key, a text, b text, n numeric, doc jsonb, due timestamptz);"


SAME = (
    ("create index i on t (a)", "(a)"),
    ("create index i on t (a, b desc)", "(A, b DESC NULLS FIRST)"),
    ("create index i on t (a nulls first)", "(a asc nulls first)"),
    ("create index i on t (a asc nulls last)", "(a)"),
    ("create unique index i on t (a) where due is not null", "unique (a) where due is not null"),
    ("create unique index i on t (lower(a))", "unique (lower(a))"),
    ("create index i on t ((a || b), n)", "((a || b), n)"),
    ("create index i on t ((n + 1)) where n > 1 and a in ('x', 'y')", "((n+1)) where ((n) > 1 and a in ('x','y'))"),
    ("create index i on t using gin (doc jsonb_path_ops)", "using gin (doc jsonb_path_ops)"),
    ("create index i on t (a text_pattern_ops) include (b, n)", "(a text_pattern_ops) include (b, n)"),
    ('create index i on t (a collate "C" desc nulls last)', '(a collate "C" desc nulls last)'),
    ("create index i on t (a) with (fillfactor = 70)", "(a) with (fillfactor=70)"),
    ("create index i on t (a) with (fillfactor = 70)", "(a)"),
    (
        "create index i on t (a) where due > '2026-01-01 00:00+00'",
        "(a) where due > timestamptz '2026-01-01 00:00+00'",
    ),
)


OTHER = (
    ("create index i on t (a)", "unique (a)", "(a)"),
    ("create unique index i on t (a)", "(a)", "unique (a)"),
    ("create index i on t (a, b)", "(b, a)", "(a, b)"),
    ("create index i on t (a)", "(a, b)", "(a)"),
    ("create index i on t (a)", "(a desc)", "(a)"),
    ("create index i on t using hash (a)", "(a)", "using hash (a)"),
    ("create index i on t (a) include (b)", "(a)", "(a) include (b)"),
    ("create index i on t (a) where n > 1", "(a) where n > 2", "(a) where n > (1)::numeric"),
    ("create index i on t (a) where n > 1", "(a)", "(a) where n > (1)::numeric"),
    ("create index i on t (a)", "(a) with (fillfactor=70)", "(a)"),
    ("create index i on t (a)", "primary key (a)", "(a)"),
)


def test_the_same_index_in_other_words_passes(audited: Audited) -> None:
    sql = T + ";".join(create.replace("index i ", f"index i{at} ") for at, (create, _) in enumerate(SAME))
    quoted = (stated.replace("'", "''") for _, stated in SAME)
    stated = "\n".join(f"      i{at}: '{text}'" for at, text in enumerate(quoted))
    lines = audited(sql, f"tables:\n  t:\n    indexes:\n{stated}")
    assert lines[1:] == [f"PASS table t | index i{at}" for at in range(len(SAME))]


def test_another_index_fails_with_what_is_there(audited: Audited) -> None:
    sql = T + ";".join(create.replace("index i ", f"index i{at} ") for at, (create, _, _) in enumerate(OTHER))
    stated = "\n".join(f"      i{at}: '{text}'" for at, (_, text, _) in enumerate(OTHER))
    lines = audited(sql, f"tables:\n  t:\n    indexes:\n{stated}")[1:]
    for at, (line, (_, expected, found)) in enumerate(zip(lines, OTHER, strict=True)):
        said = f"FAIL table t | index i{at} | expected {expected}, found {found} | fix: drop index public.i{at};\n"
        assert line.startswith(said)


def test_nulls_not_distinct_is_compared(audited: Audited) -> None:
    sql = f"{T} create unique index i on t (a) nulls not distinct; create unique index j on t (a)"
    stated = "tables: {t: {indexes: {i: unique (a) nulls not distinct, j: unique (a) nulls not distinct}}}"
    assert audited(sql, stated)[1:] == [
        "PASS table t | index i",
        "FAIL table t | index j | expected unique (a) nulls not distinct, found unique (a)"
        " | fix: drop index public.j;\ncreate unique index j on public.t (a) nulls not distinct;",
    ]


def test_a_missing_index_is_written_out_and_the_nearest_named(failing: Audited) -> None:
    sql = f"{T} create index t_due on t (due)"
    assert failing(sql, "tables: {t: {indexes: {t_deu: unique (due) where a is null, t_pkey: primary key (id)}}}") == [
        'FAIL table t | index t_deu | expected unique (due) where a is null, found None | did you mean "t_due"?'
        " | fix: create unique index t_deu on public.t (due) where a is null;"
    ]


def test_a_misspelt_column_is_named(failing: Audited) -> None:
    sql = f"{T} create index i on t (due)"
    assert failing(sql, "tables: {t: {indexes: {i: (deu)}}}") == [
        'FAIL table t | index i | expected (deu), found (due) | column "deu" does not exist; did you mean "due"?'
        " | fix: drop index public.i;\ncreate index i on public.t (deu);"
    ]


def test_an_expression_the_server_cannot_read_is_an_error(failing: Audited) -> None:
    sql = f"{T} create index i on t (due)"
    (line,) = failing(sql, "tables: {t: {indexes: {i: (nothing(due))}}}")
    assert line == (
        "ERROR table t | index i | index i cannot be evaluated:"
        " function nothing(timestamp with time zone) does not exist in `(nothing(due))`"
    )


def test_an_invalid_index_fails(failing: Audited, admin_session: object, session: object) -> None:
    session.send(f"{T} create index i on t (due)")  # type: ignore[attr-defined]
    admin_session.send("update pg_index set indisvalid = false where indexrelid = 'i'::regclass")  # type: ignore[attr-defined]
    assert failing("", "tables: {t: {indexes: {i: (due)}}}") == [
        "FAIL table t | index i | expected valid, found invalid | building it concurrently failed"
        " | fix: reindex index concurrently public.i;"
    ]


def test_exactly_indexes_names_the_others(failing: Audited) -> None:
    sql = f"{T} create index i on t (due)"
    assert failing(sql, "tables: {t: {exactly: [indexes], indexes: {i: (due)}}}") == [
        "FAIL table t | exactly indexes | indexes t_pkey: expected None, found t_pkey"
        " | fix: state t_pkey under indexes, or drop what nobody needs"
    ]


def test_a_definition_is_read_into_its_parts() -> None:
    text = 'unique using btree (lower(a) collate "C" desc, b) include (c, d) nulls not distinct with (x=1) where n > 1'
    assert read_definition(text) == Definition(
        (IndexKey("lower(a)", ("collate", '"C"', "desc")), IndexKey("b")),
        unique=True,
        include=("c", "d"),
        nulls_distinct=False,
        storage=("x=1",),
        predicate="n > 1",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a", 'expected "(" and columns, found a'),
        ("unique", 'expected "(" and columns, found nothing'),
        ("(a", "a bracket is not closed"),
        ("(a,,b)", "expected a column or an expression between commas"),
        ("(a) were b", 'expected include, nulls not distinct, with or where, found "were"'),
        ("(a) where", 'expected include, nulls not distinct, with or where, found "where"'),
    ],
)
def test_what_is_no_definition_says_why(text: str, problem: str) -> None:
    with pytest.raises(Unreadable, match=f"^{re.escape(problem)}$"):
        read_definition(text)


def test_a_table_named_using_does_not_confuse() -> None:
    live = live_definition(Index("i", 'CREATE UNIQUE INDEX i ON public."using" USING btree (a)', unique=True))
    assert live == Definition((IndexKey("a"),), unique=True)


@given(st.text(alphabet="()ab, .'\"-;$[]where nulls include with using desc", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = read_definition(text)
    except Unreadable:
        return
    assert read_definition(spelled(read)) == read
