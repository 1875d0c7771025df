"""How a command that checks ends: the readiness of the project, what is printed, what is written, the exit code."""

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import click

from nexiom_runner import __version__
from nexiom_runner.apply.ledger import History, read_history
from nexiom_runner.apply.who import Runner
from nexiom_runner.commands.opened import Opened
from nexiom_runner.commands.request import Request, written_atomically
from nexiom_runner.errors import Fault, UsageError, describe
from nexiom_runner.ledger.fold import Record
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Step, StepState
from nexiom_runner.project.model import Phase
from nexiom_runner.report.as_json import render_json
from nexiom_runner.report.failures import failures
from nexiom_runner.report.junit import render_junit
from nexiom_runner.report.lines import phase_line, skipped, summary, verdict_line
from nexiom_runner.report.markdown import render_markdown
from nexiom_runner.report.readiness import (
    Coverage,
    Exposure,
    PhaseReadiness,
    Readiness,
    Scope,
    ScriptState,
    in_force,
)
from nexiom_runner.results import Kind, Outcome, Result, exit_code

REPORT = Path("target/readiness.md")
LAST_CHECKED = Path("target/readiness.json")
_RAISED = {"pending": Outcome.PENDING, "warn": Outcome.WARN, "skip": Outcome.SKIP}


def _fail_on(_: click.Context, __: click.Parameter, value: str) -> frozenset[Outcome]:
    words = [word.strip().lower() for word in value.split(",") if word.strip()]
    for word in words:
        if word not in _RAISED:
            raise click.BadParameter(f"expected {', '.join(_RAISED)}, found {word}")
    return frozenset(_RAISED[word] for word in words)


def fail_on_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --fail-on, a comma-separated list of outcomes that make the exit code 1."""
    return click.option(
        "--fail-on", default="", metavar="WORDS", callback=_fail_on, help="Also fail on: pending,warn,skip."
    )(function)


def show_phase(request: Request, opened: Opened, phase: str, state: str, results: Sequence[Result]) -> None:
    """A phase's line, then what failed in it."""
    request.say(phase_line(phase, max(map(len, opened.graph.phases)), state, results))
    for result in results if request.verbose else ():
        if result.sql:
            request.console.note(result.sql)
    if told := _told(results):
        request.fail("\n" + "\n\n".join(told) + "\n")


def _told(results: Sequence[Result]) -> list[str]:
    """A block for every failure; that a script was not run is told by its phase's line."""
    return failures([one for one in results if one.kind is not Kind.SCRIPT or one.outcome is not Outcome.BLOCKED])


def show_blocked(request: Request, opened: Opened, phase: str, why: str) -> None:
    """The line of a phase that was not run."""
    request.say(f" {phase:<{max(map(len, opened.graph.phases))}} blocked   {why}")


def readiness_of(
    request: Request,
    opened: Opened,
    runner: Runner,
    results: Sequence[Result],
    *,
    to: str | None = None,
    only: Collection[str] | None = None,
) -> Readiness:
    """The report's model, from the ledger as it is now and the results that are in force."""
    history = read_history(opened.session, opened.project.name)
    now = make_plan(opened.graph, history.state, to=to)
    kept = in_force(results)
    steps = [step for step in now.steps if step.script is not None]
    named = {step.phase for step in steps if only is None or step.phase in only}
    phases = [_phase(opened, phase, steps, kept) for phase in opened.project.phases if phase.name in named]
    return Readiness(
        _scope(request, opened, runner, history),
        tuple(phases),
        _coverage(opened, kept, phases, named),
        tuple(result for result in kept if result.phase not in named),
        drift=bool(now.problems),
        notes=tuple(f"{step.key}: {step.reason}" for step in (*now.problems, *now.warnings)),
    )


def _scope(request: Request, opened: Opened, runner: Runner, history: History) -> Scope:
    server = opened.session.server
    who = runner.who
    return Scope(
        project=opened.project.name,
        target=opened.target.name,
        protected=opened.target.protected,
        checked_at=request.now().isoformat(timespec="seconds"),
        checked_by=who.user or who.role,
        runner=__version__,
        role=server.role,
        database=server.database,
        server=server.version,
        system=server.system_identifier,
        commit=who.commit,
        dirty=who.dirty,
        run=who.run,
        head=history.head if history.made else None,
        entries=history.entries,
    )


def _phase(opened: Opened, phase: Phase, steps: Sequence[Step], results: Sequence[Result]) -> PhaseReadiness:
    own = [step for step in steps if step.phase == phase.name]
    mine = tuple(result for result in results if result.phase == phase.name)
    unsettled = [step.state for step in own if step.state is not StepState.APPLIED]
    return PhaseReadiness(
        phase.name,
        phase.title,
        phase.owner,
        str(unsettled[0]) if unsettled else "applied",
        tuple(_script(step) for step in own),
        tuple(dict.fromkeys(result.subject for result in mine if result.kind is Kind.OBJECT)),
        mine,
        _exposed(phase, results),
    )


def _script(step: Step) -> ScriptState:
    assert step.script is not None
    record: Record | None = step.record
    return ScriptState(
        step.script.rendered.source.path,
        str(step.state),
        step.script.source_sha,
        record.at if record else None,
        record.by if record else None,
        record.commit if record else None,
    )


def _exposed(phase: Phase, results: Sequence[Result]) -> tuple[Exposure, ...]:
    called = {result.subject.partition(":")[0].partition("(")[0] for result in results if _looked_at(result)}
    return tuple(
        Exposure(
            function.name if function.schema == "public" else f"{function.schema}.{function.name}",
            tuple(role.value for role in function.execute),
            function.security.value if function.security else None,
            function.reason.value if function.reason else None,
            (function.name if function.schema == "public" else f"{function.schema}.{function.name}") in called,
        )
        for function in phase.functions
        if function.execute
    )


def _looked_at(result: Result) -> bool:
    return result.kind is Kind.CALL and result.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.WARN)


def _coverage(
    opened: Opened, results: Sequence[Result], phases: Sequence[PhaseReadiness], named: Collection[str]
) -> Coverage:
    statements = [one for script in opened.graph.scripts if script.phase in named for one in script.statements]
    exposed = [one for phase in phases for one in phase.exposed]
    return Coverage(
        statements=len(statements),
        unparsed=0,
        objects=len({(result.phase, result.subject) for result in results if result.kind is Kind.OBJECT}),
        functions_called=sum(one.called for one in exposed),
        functions_exposed=len(exposed),
    )


def finish(
    request: Request,
    root: Path,
    readiness: Readiness,
    seconds: float,
    fail_on: frozenset[Outcome],
    *,
    partial: bool = False,
) -> int:
    """Print the summary and the verdict, write the files asked for, and give the exit code.

    A `partial` check (audits or tests alone, some phases) says no verdict of the whole and leaves no report behind.
    """
    blocked = any(one.kind is Kind.SCRIPT and one.outcome is Outcome.BLOCKED for one in readiness.results)
    spaced = bool(readiness.phases and _told(readiness.phases[-1].results)) and not blocked
    if told := _told(readiness.general):
        request.fail(("" if spaced else "\n") + "\n\n".join(told) + "\n")
    for line in (*(() if spaced or told else ("",)), *summary(readiness.results), *skipped(readiness.results), ""):
        request.say(line)
    code = code_of(readiness, fail_on)
    word = ("FAILED" if code else "PASSED") if partial else None
    request.say(verdict_line(readiness, seconds, word))
    if request.format == "json":
        request.console.out(render_json(readiness).rstrip("\n"))
    if not partial:
        _leave_report(request, root, readiness)
    write_outs(request, readiness)
    return code


def code_of(readiness: Readiness, fail_on: frozenset[Outcome]) -> int:
    """1 when a check failed, could not be made, or a phase is not applied as its files say; else 0."""
    drift = readiness.drift or bool(readiness.unapplied)
    return exit_code(readiness.results, drift=drift, fail_on=fail_on)


def _leave_report(request: Request, root: Path, readiness: Readiness) -> None:
    """The report of every build, in target/; a folder that cannot be written is said and fails nothing."""
    try:
        write_text(root / LAST_CHECKED, render_json(readiness))
        write_text(root / REPORT, render_markdown(readiness))
        request.say(f"report: {os.path.relpath(root / REPORT)}")
    except UsageError as error:
        request.console.note(describe(error.faults[0], "warning"))


def write_outs(request: Request, readiness: Readiness, language: str = "en") -> None:
    """Every `--out FORMAT=PATH`. Raises UsageError for a path that cannot be written."""
    renderers: dict[str, Callable[[], str]] = {
        "junit": lambda: render_junit(readiness),
        "json": lambda: render_json(readiness),
        "markdown": lambda: render_markdown(readiness, language),
    }
    for name, path in request.outs:
        write_text(path, renderers[name]())
        request.say(f"{name}: {path}")


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises UsageError naming what is in the way."""
    try:
        with written_atomically(path) as beside:
            beside.write_text(text, "utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(Fault(f'cannot write "{path}": {reason}')) from None
