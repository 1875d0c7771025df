"""What `audit`, `test` and `report` share: check phases that are applied, and end as every check ends."""

import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from nexiom_runner.apply.look import read_plan
from nexiom_runner.commands.checking import Checks, prepare_checks, run_audits, run_tests
from nexiom_runner.commands.opened import Opened, open_prepared
from nexiom_runner.commands.prepared import prepare
from nexiom_runner.commands.readiness import readiness_of
from nexiom_runner.commands.reporting import finish, show_phase
from nexiom_runner.commands.request import Request
from nexiom_runner.commands.testing import PLAIN, Testing, thresholds
from nexiom_runner.graph.select import select_phases
from nexiom_runner.report.readiness import Readiness
from nexiom_runner.results import Outcome, Result
from nexiom_runner.test.exercise import below


def check(
    request: Request,
    select: Sequence[str],
    exclude: Sequence[str],
    fail_on: frozenset[Outcome],
    *,
    audits: bool = True,
    tests: bool = True,
) -> int:
    """0, or 1 when a check failed or could not be made. Applies nothing."""
    begun = time.monotonic()
    prepared = prepare(request)
    checks = prepare_checks(prepared)
    with open_prepared(request, prepared) as opened:
        readiness = examine(request, opened, checks, select, exclude, audits=audits, tests=tests)
        return finish(request, Path(opened.project.root), readiness, time.monotonic() - begun, fail_on, partial=True)


def examine(
    request: Request,
    opened: Opened,
    checks: Checks,
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
    *,
    audits: bool = True,
    tests: bool = True,
    shown: bool = True,
    testing: Testing = PLAIN,
    rules: bool = False,
) -> Readiness:
    """The readiness of the selected phases, each `shown` with a line; what is not applied is SKIP.

    With `rules` it has what the rules find, too.
    """
    chosen = select_phases(opened.graph, opened.project, select, exclude)
    phases = [name for name in opened.graph.phases if name in chosen]
    plan, _ = read_plan(opened.place, opened.project.name, opened.graph)
    applied = opened.applied(plan)
    request.console.working(f"checking {len(phases)} phases")
    results: list[Result] = []
    if audits:
        results += run_audits(request, opened, checks, applied, phases)
    if tests:
        results += run_tests(request, opened, checks, applied, phases, testing)
    complete = frozenset(applied)
    by_phase: dict[str | None, list[Result]] = {}
    for result in results:
        by_phase.setdefault(result.phase, []).append(result)
    for phase in phases if shown else ():
        show_phase(request, opened, phase, "applied" if phase in complete else "pending", by_phase.get(phase, []))
    whole = tests and len(applied) == len(phases) == len(opened.graph.phases) and not testing.failed
    exercised = checks.exercise.sum() if whole else None
    results += below(exercised, thresholds(opened, testing.least))
    if rules:  # the parsers and the rules are met by those who ask for them alone
        results += import_module("nexiom_runner.commands.linting").findings(request, opened, plan)
    return readiness_of(request, opened, opened.runner(request), results, only=chosen, exercised=exercised)
