"""A backfill is one statement that can be repeated in batches; a batch is a number of any size, and no other text."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import ScriptError, describe
from nexiom_runner.project.model import Source
from nexiom_runner.render.render import render
from nexiom_runner.render.values import Values
from nexiom_runner.sql.backfill import LARGEST_BATCH, changed_table, in_batches_of, verb
from nexiom_runner.sql.fingerprint import semantic
from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.read import read_script
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.words import folded

PATH = "phases/01_a/backfill.sql"
CHOSEN = "(select id from t where b is null limit {{ batch }})"
STATEMENTS = [
    ("update only s.t set b = a where id in CHOSEN", "update", ("s", "t")),
    ("UPDATE T SET b = a WHERE id IN CHOSEN", "update", (None, "t")),
    ('delete from "T" where id in CHOSEN', "delete", (None, "T")),
    ("insert into t2 select * from t limit {{ batch }}", "insert", (None, "t2")),
    ("merge into t using u on t.id = u.id when matched then update set b = {{ batch }}", "merge", (None, "t")),
    ("with chosen as CHOSEN update t set b = a from chosen where t.id = chosen.id", "update", (None, "t")),
    (
        "with recursive update (a) as (select {{ batch }}), b as materialized (select 1) delete from u",
        "delete",
        (None, "u"),
    ),
    (
        "with gone as (delete from t where id in CHOSEN returning *) insert into old select * from gone",
        "insert",
        None,
    ),
    (
        "insert into u select id from t where id not in (select id from u) limit {{ batch }} on conflict do nothing",
        "insert",
        (None, "u"),
    ),
    ("select fill({{ batch }})", "select", None),
    ("with a as (select fill({{ batch }})) select * from a", "select", None),
]


def read(text: str) -> Script:
    source = Source(PATH, text, hashlib.sha256(text.encode()).hexdigest())
    return read_script(render(source, Values()), "01_a", "backfill")


def refused(text: str) -> list[str]:
    with pytest.raises(ScriptError) as caught:
        read(text)
    return [describe(fault) for fault in caught.value.faults]


def words(text: str) -> list[str]:
    return folded(piece for _, piece in significant(lexemes(text)))


@pytest.mark.parametrize(("text", "does", "table"), STATEMENTS)
def test_statement_that_changes_rows_is_a_backfill(text: str, does: str, table: tuple[str | None, str] | None) -> None:
    text = text.replace("CHOSEN", CHOSEN)
    script = read(text + ";")
    assert (script.key, script.atomic, len(script.statements)) == ("01_a/backfill.sql", False, 1)
    assert verb(words(text)) == does
    assert changed_table(words(text)) == (table or ((None, "old") if does == "insert" else None))


def test_batch_is_a_number_in_as_many_characters() -> None:
    text = read("select fill({{ batch }}), '{{ 1 }}';").text
    assert in_batches_of(text, 500) == "select fill(    500), '1';"
    assert in_batches_of(text, LARGEST_BATCH) == "select fill(1000000), '1';"
    with pytest.raises(ValueError, match="a batch of 10000000 rows"):
        in_batches_of(text, 10 * LARGEST_BATCH)


@given(st.integers(1, LARGEST_BATCH))
def test_what_follows_a_batch_keeps_its_offset(batch: int) -> None:
    text = read("select fill({{ batch }}) /* {{ batch }} */ as behind").text
    sent = in_batches_of(text, batch)
    assert sent.index("behind") == text.index("behind")
    assert f"fill({batch:>7})" in sent


def test_size_of_a_batch_is_in_no_fingerprint() -> None:
    script = read("select fill({{ batch }})")
    assert script.semantic_sha == semantic("select fill(‹batch›)")


KINDS = "Write an insert, update, delete or merge, or the select of a function that returns how many rows it changed."
LIMIT = "Write it where the rows are chosen: where id in (select id from … where … limit {{ batch }})."
ALONE = "Write {{ batch }} where a number may stand, with nothing else of it: limit {{ batch }}."
ONE = "One statement is repeated; what comes before it belongs into apply.sql, what comes behind into a phase."
NUMBER = "{{ batch }} is not a number on its own"
CASES = [
    ("select fill({{ batch }}); select 1;", "a second statement in a backfill", "select 1", 6, ONE),
    ("truncate t; -- {{ batch }}", '"truncate" is nothing that a backfill repeats', "truncate", 8, KINDS),
    (
        "select a into u from t limit {{ batch }};",
        '"select … into" creates a table, which no batch can repeat',
        "into",
        4,
        KINDS,
    ),
    (
        "update t set b = a where b is null;",
        "the backfill does not say {{ batch }}: nothing bounds a batch",
        "update",
        6,
        LIMIT,
    ),
    ("select fill({{ batch }}, '{{ batch }}');", NUMBER, "{{ batch }}'", 1, ALONE),
    ("select fill({{ batch * 2 }});", NUMBER, "{{ batch * 2", 1, ALONE),
    (
        "delete from t where id in (select id from t limit {{ batch }} for update skip locked);",
        '"skip locked" in a backfill: a batch that finds only locked rows would be taken for the last',
        "skip",
        4,
        "Take it out: a batch that waits too long for a row is tried again.",
    ),
    (
        "insert into u select id from t limit {{ batch }} on conflict do nothing;",
        '"on conflict do nothing" alone: a batch of rows that are all there would be taken for the last',
        "do nothing",
        2,
        "Leave out what is done where the rows are chosen: where not exists (select from …).",
    ),
    (
        "-- nexiom: commit\nselect fill({{ batch }});",
        '"-- nexiom: commit" in a backfill',
        "-- nexiom",
        17,
        "Take it out: each batch is a transaction of its own.",
    ),
]


@pytest.mark.parametrize(("text", "message", "at", "width", "hint"), CASES)
def test_what_cannot_be_repeated_is_refused_at_its_place(
    text: str, message: str, at: str, width: int, hint: str
) -> None:
    line, column = text.split("\n")[0], text.index(at)
    place = f"  {PATH}:1:{column + 1}\n    1 | {line}\n      | {' ' * column}{'^' * width}"
    assert refused(text) == [f"error: {message}\n{place}\nhint: {hint}"]


def test_backfill_without_a_statement_is_refused() -> None:
    told = "Write SQL into it, or delete backfill.sql."
    assert refused("-- nothing {{ batch }}") == [f"error: script has no statement\n  {PATH}:1:1\nhint: {told}"]


def test_every_refusal_is_told_at_once() -> None:
    assert [line.split("\n")[0] for line in refused("vacuum t;\nselect '{{ batch }}';")] == [
        'error: "vacuum" is nothing that a backfill repeats',
        "error: a second statement in a backfill",
        "error: {{ batch }} is not a number on its own",
    ]
