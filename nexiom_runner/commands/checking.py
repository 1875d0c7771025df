"""Audits and tests of phases, as every command that checks runs them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from nexiom_runner.audit.audit import audit, looks_at_all, not_audited
from nexiom_runner.audit.exposure import find_exposed
from nexiom_runner.audit.files import AuditFile
from nexiom_runner.audit.prepare import prepare_audits
from nexiom_runner.catalog.model import Name
from nexiom_runner.commands.opened import Opened
from nexiom_runner.commands.prepared import Prepared
from nexiom_runner.commands.request import Request
from nexiom_runner.commands.testing import PLAIN, Testing, running
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, NexiomError, ScriptError
from nexiom_runner.graph.model import Graph
from nexiom_runner.render.render import render_all
from nexiom_runner.results import Result
from nexiom_runner.test.exercise import Exercise
from nexiom_runner.test.given import check_given
from nexiom_runner.test.reached import Reached
from nexiom_runner.test.scripts import TestScript, check_script
from nexiom_runner.test.test import not_tested, test


@dataclass(frozen=True, slots=True)
class Checks:
    """The project's own audits and SQL tests, rendered and read before a database is touched."""

    audits: tuple[AuditFile, ...]
    scripts: tuple[TestScript, ...]
    reached: Reached = field(default_factory=Reached)  # of shapes, over all phases of one run
    exercise: Exercise = field(default_factory=Exercise)  # of functions, likewise


def prepare_checks(prepared: Prepared) -> Checks:
    """Render and read them. Raises RenderError or ScriptError with what is wrong in any of them."""
    faults: list[Fault] = []
    audits = _gathered(faults, lambda: prepare_audits(prepared.project, prepared.values)) or ()
    scripts = _gathered(faults, lambda: _scripts(prepared)) or ()
    _gathered(faults, lambda: check_given(prepared.project, prepared.values))
    if faults:
        raise ScriptError(*faults)
    return Checks(audits, scripts)


def _scripts(prepared: Prepared) -> tuple[TestScript, ...]:
    tests = prepared.project.sql_tests
    rendered = render_all((one.source for one in tests), prepared.values, prepared.project.macros)
    return tuple(check_script(one, text) for one, text in zip(tests, rendered, strict=True))


def _gathered(faults: list[Fault], make: Callable[[], Any]) -> Any | None:
    try:
        return make()
    except NexiomError as error:
        faults.extend(error.faults)
        return None


def run_audits(
    request: Request, opened: Opened, checks: Checks, applied: Sequence[str], phases: Sequence[str]
) -> Iterator[Result]:
    """The audits of `phases` against what is in force at the phases `applied`; with the last, of what is exposed."""
    return audits_on(opened.session, opened, checks, applied, phases, request.today)


def audits_on(
    session: Session, opened: Opened, checks: Checks, applied: Sequence[str], phases: Sequence[str], today: date
) -> Iterator[Result]:
    """The same on another session: that of a copy of the target's database."""
    complete = opened.graph.complete_after
    last = max(complete, key=lambda name: complete[name], default=None)
    yield from audit(session, opened.project, applied, phases, checks.audits, last=last)
    if applied and looks_at_all(opened.project, applied, phases, last):
        yield from find_exposed(session, opened.project, applied, creators(opened.graph), today)


def not_looked_at(opened: Opened, checks: Checks, missing: Sequence[str]) -> Iterator[Result]:
    """SKIP for each check of the phases `missing`, which are not applied, and for those that wait for all phases."""
    yield from not_audited(opened.project, missing, checks.audits)
    yield from not_tested(opened.project, missing, checks.scripts)


def creators(graph: Graph) -> dict[Name, str]:
    """Each table and function by the phase whose script creates it."""
    return {
        (name.schema or "public", name.name): script.phase
        for script in graph.scripts
        for name in sorted(script.creates, key=str)
        if name.kind in ("table", "function")
    }


def run_tests(
    request: Request,
    opened: Opened,
    checks: Checks,
    applied: Sequence[str],
    phases: Sequence[str],
    testing: Testing = PLAIN,
) -> Iterator[Result]:
    """The calls and SQL tests of `phases`, everything rolled back."""
    done = set(applied)
    exercise = checks.exercise
    exercise.schemas = opened.project.schemas
    with running(request, opened, testing, phases) as how:
        yield from test(
            opened.session,
            opened.project,
            applied,
            phases,
            checks.scripts,
            values=opened.values,
            today=request.today,
            reached=checks.reached,
            sources=[script for script in opened.graph.scripts if script.phase in done],
            running=how if opened.target.protected else replace(how, exercise=exercise),
        )
