"""What did nothing because of `if exists` or `if not exists` is said, kept in the ledger, and sometimes refused."""

from dataclasses import replace

import pytest
from apply_builders import PROJECT, failure, outcomes, run, value
from graph_builders import graph

from nexiom_runner.apply.ledger import read_links
from nexiom_runner.database.session import Session
from nexiom_runner.errors import describe
from nexiom_runner.ledger.entry import parse

KEY = "02_b/apply.sql"
THERE = (
    "create schema s; create table public.t (a int, b numeric(10, 2), c text[]); create index i on public.t (a);"
    "create type public.mood as enum ('x'); create table public.u ();"
)


def told(session: Session, text: str) -> list[str]:
    session.send(THERE)
    (result,) = run(session, {KEY: text})
    assert result.outcome == "PASS", result
    return [fault.message for fault in result.warnings]


def test_skipped_statement_is_told_with_its_line_and_kept(session: Session) -> None:
    session.send(THERE)
    (result,) = run(session, {KEY: "select 1;\nalter table public.t add column if not exists a int;\nselect 2;"})
    assert [describe(fault, "warning") for fault in result.warnings] == [
        'warning: "alter table t" did nothing: column "a" of relation "t" already exists, skipping\n'
        "  phases/02_b/apply.sql:2:1\n"
        "    2 | alter table public.t add column if not exists a int;\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    ]
    assert dict(parse(read_links(session, PROJECT)[-1].entry).details) == {
        "vacuous": 'phases/02_b/apply.sql:2:1 column "a" of relation "t" already exists, skipping'
    }


@pytest.mark.parametrize(
    "text",
    [
        "create schema if not exists s",
        "create index if not exists i on public.t (b)",
        "create table if not exists public.t (a int, b numeric(10, 2), c text[])",
        "drop table if exists public.nope",
        "drop function if exists public.nope(int)",
        "alter table if exists public.nope add column a int",
        "alter type public.mood add value if not exists 'x'",
        "alter table public.t drop constraint if exists nope",
        "do $$ begin drop table if exists public.nope; end $$",
    ],
)
def test_what_did_nothing_is_known(session: Session, text: str) -> None:
    assert len(told(session, f"select 1;{text};")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "drop table if exists public.nope; create table public.nope ()",
        "drop table if exists nope; create table public.nope ()",
        "drop function if exists public.f(int); create function public.f(int) returns int return 1",
        "alter table public.t drop constraint if exists k; alter table public.t add constraint k check (true)",
        "alter table public.t drop constraint if exists k, add constraint k check (true)",
        "create table if not exists public.fresh ()",
        "drop table if exists public.u cascade",
        "do $$ begin raise notice 'it does not exist'; end $$; create table if not exists public.fresh ()",
    ],
)
def test_what_is_meant_so_or_did_something_is_not_told(session: Session, text: str) -> None:
    assert told(session, f"{text};") == []


def test_two_skipped_statements_are_told_apart(session: Session) -> None:
    session.send(THERE)
    (result,) = run(session, {KEY: "drop view if exists v;\nselect 1;\ncreate schema if not exists s;"})
    assert [fault.place.line for fault in result.warnings if fault.place] == [1, 3]


def test_skipped_statement_outside_a_transaction_is_told(session: Session) -> None:
    assert told(session, "create index concurrently if not exists i on public.t (a);") == [
        '"create index i on t" did nothing: relation "i" already exists, skipping'
    ]


OTHER = "select 1;\ncreate table if not exists public.t (a bigint not null, b numeric(10, 2), d serial primary key);"


def test_table_with_other_columns_is_refused_and_rolled_back(session: Session) -> None:
    session.send(THERE)
    assert failure(run(session, {KEY: f"create table public.half ();{OTHER}"})) == (
        'error: phase "02_b" failed: table t is there already, with other columns\n'
        "  phases/02_b/apply.sql:2:1\n"
        "    2 | create table if not exists public.t (a bigint not null, b numeric(10, 2), d serial primary key);\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        'detail: Column "a" is integer, the statement says bigint; column "c" (text[]) is not in the statement; '
        'column "d" is missing.\n'
        'state: "02_b" was rolled back. No other phase is applied. Running apply again is safe.\n'
        "hint: Alter the table in this phase; or, where it is meant to be left as it is, write `existing: accept` into "
        "phases/02_b/phase.yml."
    )
    assert value(session, "select to_regclass('public.half')") is None
    assert value(session, "select string_agg(event, ',') from nexiom.ledger") == "failed"


def test_table_with_other_columns_is_accepted_where_the_phase_says_so(session: Session) -> None:
    session.send(THERE)
    accepting = replace(graph({KEY: OTHER}), accepts_existing=frozenset({"02_b"}))
    assert outcomes(run(session, accepting)) == [(KEY, "PASS")]


def test_statement_that_fails_at_commit_leaves_nothing(session: Session) -> None:
    text = (
        "drop table if exists public.x;\n"
        "create table public.a (id int primary key, up int references public.a deferrable initially deferred);\n"
        "insert into public.a values (1, 2);"
    )
    assert "when its 3 statements were committed" in failure(run(session, {KEY: text}))
    assert not session.in_transaction
