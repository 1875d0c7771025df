"""Applying a few scripts to a test's database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from graph_builders import graph

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import History, read_history
from nexiom_runner.apply.who import Runner, where_of
from nexiom_runner.database.queries import Query
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, describe
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Who
from nexiom_runner.plan.make import make_plan
from nexiom_runner.results import Result

PROJECT = "p"
CORE = {"01_core/apply.sql": "create table public.core (id int);"}
NOW = datetime(2026, 11, 22, 15, 10, tzinfo=UTC)


def runner(session: Session) -> Runner:
    return Runner(PROJECT, Who(session.server.role, "ada"), where_of(session.server, "test"), lambda: NOW)


def unchanged(text: str) -> str:
    return text


def run(
    session: Session,
    scripts: dict[str, str] | Graph,
    *,
    history: History | None = None,
    reveal: Callable[[str], str] = unchanged,
    **options: Any,
) -> list[Result]:
    made = scripts if isinstance(scripts, Graph) else graph(scripts)
    known = history or read_history(session, PROJECT)
    plan = make_plan(made, known.state, **options)
    return list(apply_plan(session, plan, made, known, runner(session), reveal=reveal))


def value(session: Session, text: str) -> str | None:
    """The one value a query returns."""
    return session.send(text)[0].rows[0][0]


def values(session: Session, text: str) -> list[str | None]:
    return [row[0] for row in session.send(text)[0].rows]


def outcomes(results: list[Result]) -> list[tuple[str, str]]:
    return [(result.subject, result.outcome.value) for result in results]


def failure(results: list[Result]) -> str:
    """The failed result as it is printed."""
    (failed,) = (result for result in results if result.outcome == "FAIL")
    return describe(
        Fault(
            failed.message or "",
            failed.place,
            failed.excerpt,
            failed.width,
            failed.detail,
            failed.state,
            failed.fix,
        )
    )


def query(text: str) -> Query:
    return Query(text)
