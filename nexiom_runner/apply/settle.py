"""Ways out of a plan's problems that only a person can choose: accept what differs, retire what is gone,
resolve what was begun and not seen to end."""

from collections.abc import Sequence
from typing import Any

from nexiom_runner.apply.ledger import append, overtaken, read_history
from nexiom_runner.apply.upgrade import ready_ledger
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerError, UsageError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Event
from nexiom_runner.plan.make import make_plan
from nexiom_runner.plan.model import Plan, Step, StepState
from nexiom_runner.project.names import did_you_mean

ACCEPTS = (StepState.EDITED, StepState.INPUTS)
BEGUN = (StepState.PARTIAL, StepState.EDITED)
RETIRES = (StepState.MISSING, StepState.ORPHAN)


def accept_phase(session: Session, graph: Graph, runner: Runner, phase: str, reason: str) -> tuple[str, ...]:
    """Take the files of an edited phase, or one with other inputs, as what was applied; the keys of its scripts.

    One `accepted` entry a script; nothing of theirs runs. Raises UsageError where nothing is to be accepted.
    """
    steps = [
        step for step in _steps(session, graph, runner, phase, ACCEPTS) if not (step.record and step.record.started)
    ]
    if not steps:
        raise UsageError(_nothing(session, graph, runner, phase, "accept", "edited, and its inputs are what they were"))
    for step in steps:
        assert step.script is not None
        _write(session, runner, Event.ACCEPTED, step, reason, _ran(step))
    return tuple(step.key for step in steps)


def resolve_phase(
    session: Session, graph: Graph, runner: Runner, phase: str, reason: str, *, done: bool
) -> tuple[str, ...]:
    """Say of a statement that a run which died had begun whether it was done, or is to run again; its script's key.

    One entry: `applied` or `failed`. Nothing runs. Raises UsageError where no statement of the phase was begun.
    """
    steps = [step for step in _steps(session, graph, runner, phase, BEGUN) if step.record and step.record.started]
    if not steps:
        raise UsageError(_nothing(session, graph, runner, phase, "resolve", "one of which a statement was begun"))
    for step in steps:
        assert step.record is not None
        assert step.script is not None
        at = min(step.record.started or 1, len(step.script.segments))
        part = {"segment": step.record.started, "segments": len(step.script.segments)}
        fingerprints = {"source": step.script.source_sha, "semantic": step.script.reached(at)}
        _write(session, runner, Event.APPLIED if done else Event.FAILED, step, reason, part | fingerprints)
    return tuple(step.key for step in steps)


def retire_phase(session: Session, graph: Graph, runner: Runner, phase: str, reason: str) -> tuple[str, ...]:
    """Let scripts go that are applied and no longer in the project; their keys. The database stays as it is.

    One `retired` entry a script. Raises UsageError where nothing of the phase is missing.
    """
    steps = _steps(session, graph, runner, phase, RETIRES)
    if not steps:
        raise UsageError(_nothing(session, graph, runner, phase, "retire", "missing"))
    for step in steps:
        _write(session, runner, Event.RETIRED, step, reason, {})
    return tuple(step.key for step in steps)


def _steps(session: Session, graph: Graph, runner: Runner, phase: str, states: Sequence[StepState]) -> tuple[Step, ...]:
    """The phase's steps in these states; where the ledger has it under an older name, the new one is written first."""
    plan = _plan(session, graph, runner)
    steps = tuple(step for step in plan.steps if step.phase == phase and step.state in states)
    old = (plan.renames or {}).get(phase)
    if steps and old is not None:
        _append(session, runner, Event.RENAMED, phase=phase, renamed_from=old)
    return steps


def _ran(step: Step) -> dict[str, Any]:
    """The fingerprints of what ran of a script, as its file has it now: of a script applied in part, of that part."""
    assert step.script is not None
    part = step.record is not None and not step.record.whole
    semantic = step.script.reached(step.record.done) if part and step.record else step.script.semantic_sha
    return {"source": step.script.source_sha, "semantic": semantic}


def _plan(session: Session, graph: Graph, runner: Runner) -> Plan:
    return make_plan(graph, read_history(session, runner.project).state)


def _nothing(session: Session, graph: Graph, runner: Runner, phase: str, verb: str, is_not: str) -> Fault:
    steps = _plan(session, graph, runner).steps
    known = list(dict.fromkeys(step.phase for step in steps))
    if phase not in known:
        return Fault(f'nothing to {verb}: no phase is named "{phase}"', hint=did_you_mean(phase, known))
    return Fault(f'nothing to {verb}: phase "{phase}" is not {is_not}')


def _write(
    session: Session, runner: Runner, event: Event, step: Step, reason: str, fingerprints: dict[str, Any]
) -> None:
    _append(session, runner, event, phase=step.phase, script=step.key, kind=step.kind, reason=reason, **fingerprints)


def _append(session: Session, runner: Runner, event: Event, **fields: Any) -> None:
    """One entry; again behind a newer one where another runner wrote meanwhile."""
    while True:
        history = ready_ledger(session, runner, read_history(session, runner.project))
        try:
            append(session, runner.entry(event, **fields), history.head)
        except ServerError as error:
            if not overtaken(error):
                raise
        else:
            return
