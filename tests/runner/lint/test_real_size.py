"""Every finding on two projects of real size is one that was planted, and every planted one is found."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from real_size import Made, clinic, warehouse

from nexiom_runner.commands.compiling import compile_scripts
from nexiom_runner.database.session import Session
from nexiom_runner.ledger.entry import Entry, Event, Where, Who
from nexiom_runner.ledger.fold import fold
from nexiom_runner.lint.lint import Linted, Target, lint
from nexiom_runner.plan.make import make_plan
from nexiom_runner.project.load import load_project
from nexiom_runner.render.values import Values
from nexiom_runner.results import Kind, Outcome
from nexiom_runner.sql.script import Script

pytestmark = pytest.mark.full
PROJECTS = pytest.mark.parametrize("make", [clinic, warehouse], ids=["clinic", "warehouse"])


def entry(script: Script) -> Entry:
    base = Entry(
        Event.APPLIED, "p", "2026-11-20T14:02:00.000000Z", "0.1", Who("deployer", "ada"), Where("d", 1, "2", "t")
    )
    return replace(
        base,
        phase=script.phase,
        script=script.key,
        kind=script.kind,
        source=script.source_sha,
        semantic=script.semantic_sha,
    )


def looked(made: Made, root: Path, session: Session) -> Linted:
    """What the rules say of the project, applied."""
    made.write(root)
    project = load_project(root)
    graph = compile_scripts(project, Values())
    session.send("alter default privileges revoke execute on functions from public")
    session.send("set check_function_bodies = off")
    for script in graph.scripts:
        session.send(script.text)
    plan = make_plan(graph, fold([entry(script) for script in graph.scripts]))
    assert plan.todo == ()
    return lint(project, graph, Target(session, list(graph.phases), plan), date(2026, 11, 22))


@PROJECTS
def test_what_is_found_is_what_was_planted(make: Callable[[], Made], tmp_path: Path, session: Session) -> None:
    made = make()
    results = looked(made, tmp_path, session).results
    found = [(one.attribute, one.subject) for one in results if one.outcome in (Outcome.FAIL, Outcome.WARN)]
    assert Counter(found) == Counter(made.labels)
    assert len(made.labels) >= 16


@PROJECTS
def test_each_stands_in_a_script_and_all_was_read(make: Callable[[], Made], tmp_path: Path, session: Session) -> None:
    made = make()
    linted = looked(made, tmp_path, session)
    assert all(one.place for one in linted.results if one.kind is Kind.LINT and one.outcome is Outcome.FAIL)
    assert linted.unparsed == 0
    assert len([path for path in made.files if path.endswith(".sql")]) >= 149
