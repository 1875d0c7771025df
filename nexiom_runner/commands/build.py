"""`nexiom build`: apply, audit and test in graph order, and the verdict."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import takewhile
from pathlib import Path

import click

from nexiom_runner import __version__
from nexiom_runner.apply.run import begin_apply
from nexiom_runner.commands.checking import Checks, not_looked_at, prepare_checks, run_audits, run_tests
from nexiom_runner.commands.completing import complete_phase
from nexiom_runner.commands.opened import Opened, open_prepared
from nexiom_runner.commands.prepared import Prepared, find_project, prepare, read_project
from nexiom_runner.commands.readiness import readiness_of
from nexiom_runner.commands.reporting import drop_report, fail_on_option, finish, show_blocked, show_phase
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.testing import coverage_option, thresholds
from nexiom_runner.commands.waiting import ONE_MINUTE, Waits, apply_options, with_waits
from nexiom_runner.errors import Fault, TargetError
from nexiom_runner.plan.model import Plan, Step, StepState
from nexiom_runner.project.outline import Target
from nexiom_runner.report.words import count, duration
from nexiom_runner.results import FAILING, Kind, Outcome, Result
from nexiom_runner.test.exercise import below


@click.command(short_help="Apply, audit and test the project, and give the verdict")
@click.option("--to", metavar="PHASE", shell_complete=complete_phase, help="Stop behind this phase.")
@fail_on_option
@coverage_option
@with_waits
@with_request
def command(
    request: Request, to: str | None, fail_on: frozenset[Outcome], min_coverage: int | None, waits: Waits
) -> int:
    """Apply what is pending, audit and test each phase in order, and say whether the project is ready.

    A failed script, check or call leaves every later phase blocked and unapplied. Refused on a
    protected target.

    \b
    nexiom build
    nexiom build --out junit=target/junit.xml --fail-on pending
    """
    return build(request, to, fail_on, waits=waits, least=min_coverage)


def build(
    request: Request,
    to: str | None = None,
    fail_on: frozenset[Outcome] = frozenset(),
    *,
    waits: Waits = ONE_MINUTE,
    least: int | None = None,
) -> int:
    """0, or 1 when something failed, was not looked at or could not be applied. `least` is --min-coverage.

    The report of the build before is gone from its first moment on.
    """
    begun = time.monotonic()
    drop_report(find_project(request))
    prepared = _prepare(request)
    _refuse_protected(prepared.target)
    checks = prepare_checks(prepared)
    with open_prepared(request, prepared, wait=waits.server) as opened:
        how = f"target {opened.target.name} ({opened.place.how})"
        request.say(f"nexiom {__version__} · {opened.project.name} · {how}")
        options = apply_options(request, opened, to, waits)
        runner = opened.runner(request)
        with begin_apply(opened.place, opened.graph, runner, opened.values.secrets, options) as applying:
            request.say("")
            building = _Building(request, opened, applying.plan, checks)
            building.run(applying.results)
        whole = to is None and building.failed is None
        exercised = checks.exercise.sum() if whole else None
        building.results += below(exercised, thresholds(opened, least))
        if whole and (opened.settings.rules or opened.settings.waivers):  # else a build pays nothing for rules
            building.results += import_module("nexiom_runner.commands.linting").findings_now(request, opened)
        readiness = readiness_of(request, opened, runner, building.results, to=to, exercised=exercised)
        return finish(request, Path(opened.project.root), readiness, time.monotonic() - begun, fail_on)


def _prepare(request: Request) -> Prepared:
    """As every command; that the target is protected is said before what it lacks."""
    try:
        return prepare(request)
    except TargetError:
        _refuse_protected(read_project(request).targets.get(request.target or ""))
        raise


def _refuse_protected(target: Target | None) -> None:
    if target is not None and target.protected:
        name = target.name
        raise TargetError(
            Fault(
                f'target "{name}" is protected: build does not run there',
                hint=f"`nexiom apply --target {name}` applies; `nexiom report --target {name}` checks.",
            )
        )


@dataclass(slots=True)
class _Building:
    """One build on its way: what was found so far, and what a failure leaves blocked."""

    request: Request
    opened: Opened
    plan: Plan
    checks: Checks
    results: list[Result] = field(default_factory=list)
    failed: str | None = None

    def run(self, applying: Iterator[Result]) -> None:
        """Phase by phase as each is complete; phases with nothing to run before the next script are checked at once.

        What changed of what is there runs before the first check, so that a failed one cannot keep its mending away.
        """
        self.apply(applying, self.mending())
        waiting: list[str] = []
        for phase in self.phases():
            steps = self.steps_before(phase)
            if steps and not self.failed:
                self.check(waiting)
                waiting = []
                if not self.failed:
                    self.apply(applying, steps)
            if self.failed and phase not in self.applied():
                self.block(phase)
            else:
                waiting.append(phase)
        self.check(waiting)
        if self.failed:
            applied = self.applied()
            missing = [phase for phase in self.phases() if phase not in applied]
            self.results.extend(not_looked_at(self.opened, self.checks, missing))
        else:
            self.results.extend(applying)  # what a phase left behind: renames, ledger's last words

    def mending(self) -> list[Step]:
        """The changed repeatables that stand before all that is new."""
        return list(takewhile(lambda step: step.state is StepState.CHANGED, self.plan.todo))

    def phases(self) -> list[str]:
        """In the order in which they are complete, up to --to."""
        complete = self.opened.graph.complete_after
        shown = {step.phase for step in self.plan.steps if step.script is not None}
        return sorted((name for name in self.opened.graph.phases if name in shown), key=lambda name: complete[name])

    def steps_before(self, phase: str) -> list[Step]:
        """The steps still to run until the phase is complete."""
        last = self.opened.graph.complete_after[phase]
        keys = {script.key for script in self.opened.graph.scripts[: last + 1]}
        ran = {result.subject for result in self.results if result.kind is Kind.SCRIPT}
        return [step for step in self.plan.todo if step.key in keys and step.key not in ran]

    def apply(self, applying: Iterator[Result], steps: Sequence[Step]) -> None:
        """Run as many scripts; the first failure ends the applying."""
        for step in steps:
            self.request.console.working(f"applying {step.key}")
            self.request.sends(step)
            result = next(applying, None)
            if result is None:
                return
            self.results.append(result)
            if result.outcome in FAILING:
                self.failed = result.phase
                return

    def check(self, phases: Sequence[str]) -> None:
        """Audit and test phases that are complete, and show a line each."""
        if not phases:
            return
        self.request.console.working(f"checking {phases[0]}" if len(phases) == 1 else f"checking {len(phases)} phases")
        blocked = self.blocked()
        applied = [name for name in self.applied() if name not in blocked]
        begun = time.monotonic()
        found = list(run_audits(self.request, self.opened, self.checks, applied, phases))
        found += run_tests(self.request, self.opened, self.checks, applied, phases)
        if self.request.verbose:
            self.request.console.note(f"-- {count(len(found), 'check')} in {duration(time.monotonic() - begun)}\n")
        self.results.extend(found)
        mine: dict[str | None, list[Result]] = {}
        for result in self.results:
            mine.setdefault(result.phase, []).append(result)
        for phase in phases:
            show_phase(self.request, self.opened, phase, "applied", mine.get(phase, []))
        if self.failed is None:
            self.failed = next((result.phase for result in found if result.outcome in FAILING), None)

    def applied(self) -> list[str]:
        """Phases that are complete now, in order."""
        ran = {result.subject for result in self.results if result.outcome is Outcome.PASS}
        missing = {step.phase for step in self.plan.todo if step.key not in ran}
        shown = set(self.phases())
        return [name for name in self.opened.graph.phases if name in shown and name not in missing]

    def blocked(self) -> set[str | None]:
        """Phases that a failure left unapplied."""
        return {result.phase for result in self.results if result.outcome is Outcome.BLOCKED}

    def block(self, phase: str) -> None:
        """Say of each script of the phase that it was not run."""
        told = {result.subject for result in self.results}
        for step in self.plan.todo:
            if step.phase == phase and step.key not in told:
                message = f'waits for "{self.failed}", which failed'
                self.results.append(
                    Result(
                        Outcome.BLOCKED, Kind.SCRIPT, phase, step.key, message=message, statements=len(step.statements)
                    )
                )
        mine = [result for result in self.results if result.phase == phase]
        if any(result.outcome is Outcome.FAIL for result in mine):
            show_phase(self.request, self.opened, phase, "failed", mine)
        else:
            waits = next(result.message for result in mine if result.outcome is Outcome.BLOCKED)
            show_blocked(self.request, self.opened, phase, waits or "")
            self.say_way_out(phase)

    def say_way_out(self, phase: str) -> None:
        """What changed and waits for what is new may be what would mend the check that failed."""
        changed = [step.key for step in self.plan.todo if step.phase == phase and step.state is StepState.CHANGED]
        if changed and not any(
            result.outcome is Outcome.FAIL and result.kind is Kind.SCRIPT for result in self.results
        ):
            is_changed = f"{', '.join(changed)} {'is' if len(changed) == 1 else 'are'} changed and not applied"
            command = f"`nexiom apply --target {self.opened.target.name}` applies without the checks"
            self.request.say(f"hint: {is_changed}; {command}")
