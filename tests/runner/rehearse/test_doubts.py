"""A failure on a copy is the plan's, unless the copy lacks what the target has."""

import pytest

from nexiom_runner.errors import ServerReport
from nexiom_runner.rehearse.doubts import Doubts
from nexiom_runner.sql.split import Statement, split


def statement(text: str) -> Statement:
    return split(text)[0]


def why(doubts: Doubts, text: str, sqlstate: str, message: str) -> str | None:
    return doubts.why(statement(text), ServerReport(sqlstate, "ERROR", message))


def test_with_nothing_that_differs_every_failure_is_one() -> None:
    for sqlstate in ("42501", "42P01", "23503", "P0001", "0A000"):
        assert why(Doubts(), "insert into t select 1", sqlstate, 'relation "t" does not exist') is None


def test_an_extension_that_the_engine_lacks_is_named() -> None:
    doubts = Doubts(extensions=frozenset({"plpgsql"}))
    told = why(doubts, 'create extension if not exists "uuid-ossp"', "0A000", "not available")
    assert told == 'the engine of the copy has no extension "uuid-ossp"; here the server said: not available'


def test_an_extension_that_the_engine_has_may_fail() -> None:
    doubts = Doubts(extensions=frozenset({"hstore"}))
    assert why(doubts, "create extension hstore", "0A000", "no") is None


def test_a_superuser_of_the_target_may_do_what_is_refused_here() -> None:
    told = why(Doubts(superuser=True), "alter system set x = 1", "42501", "permission denied")
    assert told == (
        "the target's role is a superuser, and nobody is one on the copy; here the server said: permission denied"
    )


def test_a_name_that_only_the_target_has_is_no_failure() -> None:
    doubts = Doubts(lacks=frozenset({"digest"}).__contains__)
    message = "function digest(text, unknown) does not exist"
    told = why(doubts, "create view v as select digest('a', 'sha256')", "42883", message)
    assert told == f'the target has "digest", the copy has not; here the server said: {message}'
    assert why(doubts, "select f()", "42883", "function f() does not exist") is None


def test_what_a_skipped_statement_makes_may_be_missing() -> None:
    doubts = Doubts(skipped=[statement("create table t as select 1")])
    message = 'relation "t" does not exist'
    told = why(doubts, "create index on t (a)", "42P01", message)
    assert told == f'it may need what "create table t" makes, which was not rehearsed; here the server said: {message}'


@pytest.mark.parametrize(
    ("text", "sqlstate", "reason"),
    [
        ("insert into t values (1)", "23503", "the row it refers to may be there"),
        ("insert into t select max(id) from u", "23502", "the rows it reads may say otherwise"),
        ("do $$ begin end $$", "P0001", "what it looks for in rows may be there"),
        ("do $$ begin end $$", "P0002", "the row it looks for may be there"),
        ("do $$ begin end $$", "P0004", "what it asserts of rows may be so"),
    ],
)
def test_what_depends_on_rows_cannot_be_told(text: str, sqlstate: str, reason: str) -> None:
    told = why(Doubts(rows=True), text, sqlstate, "no")
    assert told == f"the copy lacks the target's rows, and {reason}; here the server said: no"


def test_a_null_that_the_statement_itself_writes_is_a_failure() -> None:
    assert why(Doubts(rows=True), "insert into t values (null)", "23502", "null value") is None
