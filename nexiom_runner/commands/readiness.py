"""The readiness of a project: the ledger as it is now, the plan against it, and the results that are in force."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from nexiom_runner import __version__
from nexiom_runner.apply.ledger import History, read_history
from nexiom_runner.apply.who import Runner
from nexiom_runner.audit.exposure import EXPOSURE
from nexiom_runner.commands.opened import Opened
from nexiom_runner.commands.reading import unread_statements
from nexiom_runner.commands.request import Request
from nexiom_runner.ledger.fold import Record
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Step, StepState
from nexiom_runner.project.in_force import input_types
from nexiom_runner.project.model import FunctionExpectation, Phase
from nexiom_runner.report.readiness import (
    Coverage,
    Exposure,
    PhaseReadiness,
    Readiness,
    Scope,
    ScriptState,
    in_force,
)
from nexiom_runner.results import Exercised, Kind, Outcome, Result

Of = TypeVar("Of", Step, Result)


def readiness_of(
    request: Request,
    opened: Opened,
    runner: Runner,
    results: Sequence[Result],
    *,
    to: str | None = None,
    only: Collection[str] | None = None,
    exercised: Exercised | None = None,
) -> Readiness:
    """The report's model, from the ledger as it is now and the results that are in force."""
    history = read_history(opened.session, opened.project.name)
    now = make_plan(opened.graph, history.state, to=to)
    kept = in_force(results)
    steps = [step for step in now.steps if step.script is not None]
    named = {step.phase for step in steps if only is None or step.phase in only}
    called = {result.subject.partition(":")[0].partition("(")[0] for result in kept if _looked_at(result)}
    own, mine = _by_phase(steps), _by_phase(kept)
    exposed = {result.subject: result for result in kept if result.attribute == EXPOSURE}
    phases = [
        _phase(phase, own.get(phase.name, []), mine.get(phase.name, []), called, exposed)
        for phase in opened.project.phases
        if phase.name in named
    ]
    unstated = [result for result in kept if _is_unstated(result)]
    return Readiness(
        _scope(request, opened, runner, history),
        tuple(phases),
        _coverage(request, opened, kept, phases, named, unstated),
        tuple(result for result in kept if result.phase not in named),
        drift=bool(now.problems),
        notes=tuple(f"{step.key}: {step.reason}" for step in (*now.problems, *now.warnings)),
        unstated=tuple(_open_to_others(result, exposed) for result in unstated if result.attribute == "execute"),
        exercised=exercised,
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
        asked=opened.place.other_major,
    )


def _by_phase(many: Sequence[Of]) -> dict[str | None, list[Of]]:
    found: dict[str | None, list[Of]] = {}
    for one in many:
        found.setdefault(one.phase, []).append(one)
    return found


def _phase(
    phase: Phase, own: Sequence[Step], mine: Sequence[Result], called: Collection[str], exposed: Mapping[str, Result]
) -> PhaseReadiness:
    unsettled = [step.state for step in own if step.state is not StepState.APPLIED]
    return PhaseReadiness(
        phase.name,
        phase.title,
        phase.owner,
        str(unsettled[0]) if unsettled else "applied",
        tuple(_script(step) for step in own),
        tuple(dict.fromkeys(result.subject for result in mine if result.kind is Kind.OBJECT)),
        tuple(mine),
        _exposed(phase, called, exposed),
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
        record.destructive if record else None,
    )


def _exposed(phase: Phase, called: Collection[str], exposed: Mapping[str, Result]) -> tuple[Exposure, ...]:
    return tuple(_exposure(function, called, exposed) for function in phase.functions if function.execute)


def _exposure(function: FunctionExpectation, called: Collection[str], exposed: Mapping[str, Result]) -> Exposure:
    name = function.name if function.schema == "public" else f"{function.schema}.{function.name}"
    found = _result_of(name, function, exposed)
    return Exposure(
        name,
        tuple(role.value for role in function.execute or ()),
        function.security.value if function.security else None,
        function.reason.value if function.reason else None,
        name in called,
        found.reach if found else None,
        found.owner if found else None,
        found.until if found else None,
    )


def _result_of(name: str, function: FunctionExpectation, exposed: Mapping[str, Result]) -> Result | None:
    """What came of its exposure: of the overload meant, where there are several."""
    alike = [subject for subject in exposed if subject.partition("(")[0] == f"function {name}"]
    if len(alike) > 1 and function.arguments is not None:
        types = ", ".join(input_types(function.arguments))
        alike = [subject for subject in alike if subject.endswith(f"({types})")]
    return exposed[alike[0]] if len(alike) == 1 else None


def _is_unstated(result: Result) -> bool:
    """An object that others can reach and no phase says who may (see audit.unstated)."""
    return result.kind is Kind.OBJECT and result.outcome is Outcome.SKIP and result.attribute in ("execute", "grants")


def _open_to_others(result: Result, exposed: Mapping[str, Result]) -> Exposure:
    roles = tuple((result.differences[0].found or "").split(", "))
    found = exposed.get(result.subject)
    return Exposure(result.subject.removeprefix("function "), roles, None, None, False, found.reach if found else None)


def _looked_at(result: Result) -> bool:
    return result.kind is Kind.CALL and result.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.WARN)


def _coverage(
    request: Request,
    opened: Opened,
    results: Sequence[Result],
    phases: Sequence[PhaseReadiness],
    named: Collection[str],
    unstated: Sequence[Result],
) -> Coverage:
    scripts = [script for script in opened.graph.scripts if script.phase in named]
    unread = unread_statements(opened.graph, request.environ)
    statements = [one for script in scripts for one in script.statements]
    exposed = {one.function: one.called for phase in phases for one in phase.exposed}
    opened_too = {one.subject for one in unstated if one.attribute == "execute"}
    opened_too |= {one.subject for one in results if _is_opened(one) and _name_of(one) not in exposed}
    return Coverage(
        statements=len(statements),
        unparsed=sum(unread.get(script.key, 0) for script in scripts),
        objects=len({(result.phase, result.subject) for result in results if result.kind is Kind.OBJECT}),
        functions_called=sum(exposed.values()),
        functions_exposed=len(exposed) + len(opened_too),
        unstated=len(unstated),
    )


def _is_opened(result: Result) -> bool:
    """A function that should be nobody's and is not."""
    found = result.differences[0].found if result.differences else None
    failed = result.kind is Kind.OBJECT and result.outcome is Outcome.FAIL and result.attribute == "execute"
    return failed and found not in (None, "nobody")


def _name_of(result: Result) -> str:
    return result.subject.removeprefix("function ").partition("(")[0]
