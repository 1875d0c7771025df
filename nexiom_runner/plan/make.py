"""Make the plan: each script on disk against what the ledger says of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.fold import Record, State, rename
from nexiom_runner.plan.model import GOES_BACK, PROBLEMS, Plan, Step, StepState, moment
from nexiom_runner.project.names import phase_meant
from nexiom_runner.sql.script import Script

WHY = {
    StepState.CHANGED: "changed",
    StepState.EDITED: "was edited",
    StepState.INPUTS: "has other inputs",
    StepState.RENAMED: "was renamed",
    StepState.MISSING: "is gone",
    StepState.ORPHAN: "is no longer in the project",
    StepState.PARTIAL: "is applied in part",
}


def make_plan(graph: Graph, state: State, *, to: str | None = None, disposable: bool = False) -> Plan:
    """What apply would do, touching nothing.

    `to` ends the plan with that phase: its scripts and all that stands before the last of them.
    On a `disposable` target what is edited, changed, renamed, missing or has other inputs makes the
    plan go back before it and apply from there; elsewhere it is a problem, and what would run
    after it is blocked. Raises UsageError for a `to` that is no phase.
    """
    scripts = graph.scripts[: _end(graph, to)]
    renames = _renames(graph, state)
    records = _records(state, renames)
    latest = max((i for i, s in enumerate(graph.scripts) if s.kind != "repeatable" and s.key in records), default=-1)
    steps = [
        _step(script, records.get(script.key), state, renames.get(script.phase), late=index < latest)
        for index, script in enumerate(scripts)
    ]
    gone = list(_left(records, graph))
    if disposable:
        return _going_back(steps, gone, list(records), to, graph)
    return Plan(tuple(_block([*steps, *gone], gone)), to, renames or None)


def from_state(plan: Plan, kept: int) -> Plan:
    """The plan of a target that goes back to a state of `kept` scripts, which may be less than would do."""
    if plan.back_to is None or plan.back_because is None or kept >= plan.back_to:
        return plan
    again = [_again(step, plan.back_because) for step in plan.steps[kept : plan.back_to]]
    steps = (*plan.steps[:kept], *again, *plan.steps[plan.back_to :])
    return replace(plan, steps=steps, back_to=kept)


def _end(graph: Graph, to: str | None) -> int:
    if to is None:
        return len(graph.scripts)
    if to not in graph.complete_after:
        raise UsageError(Fault(f'--to names no phase: "{to}"', hint=phase_meant(to, graph.phases)))
    return graph.complete_after[to] + 1


def _renames(graph: Graph, state: State) -> dict[str, str]:
    """Phase → the name the ledger still has it under."""
    known = set(state.phases)
    return {
        new: old
        for new, old in graph.renamed.items()
        if old in known and old not in graph.complete_after and new not in known
    }


def _records(state: State, renames: Mapping[str, str]) -> dict[str, Record]:
    """The ledger's records under the names the phases have now."""
    if not renames:
        return dict(state.scripts)
    now = {old: new for new, old in renames.items()}
    moved = (rename(record, record.phase, now.get(record.phase, record.phase)) for record in state.scripts.values())
    return {record.script: record for record in moved}


def _step(script: Script, record: Record | None, state: State, old_name: str | None, *, late: bool) -> Step:
    found, reason = _judge(script, record, late=late)
    if found is StepState.APPLIED and old_name is not None:
        found, reason = StepState.RENAMED, f"renamed from {old_name}"
    if script.key in state.failed:
        reason += "; its last attempt failed"
    return Step(script.key, script.phase, script.kind, found, reason, script, record)


def _judge(script: Script, record: Record | None, *, late: bool) -> tuple[StepState, str]:
    if record is None:
        out_of_order = late and script.kind != "repeatable"
        return StepState.PENDING, "new, after later phases were applied" if out_of_order else "new"
    if not record.whole:
        return _judge_part(script, record)
    if record.semantic == script.semantic_sha:
        return StepState.APPLIED, f"applied {moment(record.at)}"
    if script.kind == "repeatable":
        inputs = record.source == script.source_sha
        return StepState.CHANGED, "changed by a macro or a variable" if inputs else "changed"
    if record.source == script.source_sha:
        return StepState.INPUTS, "a macro or a variable it uses changed; nothing runs"
    return StepState.EDITED, f"edited since it was applied {moment(record.at)}"


def _judge_part(script: Script, record: Record) -> tuple[StepState, str]:
    """What ran of a script must still be what its file begins with; what follows may be another."""
    if script.kind == "backfill":
        return _judge_backfill(script, record)
    ran, known = (record.started, record.begun) if record.started else (record.done, record.semantic)
    if ran > len(script.segments) or script.reached(ran) != known:
        return StepState.EDITED, "edited since a part of it was applied"
    if record.done == len(script.segments):
        return StepState.APPLIED, f"applied {moment(record.at)}"
    statement = script.segments[record.done].first + 1
    begun = ", which was begun and not seen to end" if record.started else ""
    return StepState.PARTIAL, f"goes on at statement {statement} of {len(script.statements)}{begun}"


def _judge_backfill(script: Script, record: Record) -> tuple[StepState, str]:
    """What its batches so far ran must still be what the file says, unless it failed there."""
    if record.begun and record.begun != script.semantic_sha:
        return StepState.EDITED, "edited since its first batches"
    return StepState.PARTIAL, f"begun {moment(record.at)}, goes on"


def _left(records: Mapping[str, Record], graph: Graph) -> Iterator[Step]:
    """What of the ledger is not on disk. Repeatables of a phase that seems to have another name now are a problem:
    dropping what they created would drop what the new ones create."""
    steps = [_gone(record) for key, record in records.items() if key not in graph.by_key]
    taken = _taken(steps, records, graph) if steps else {}
    for step in steps:
        name = taken.get(step.phase)
        if name is not None and step.state is StepState.ORPHAN:
            reason = f"not on disk; {name} holds the same scripts"
            yield replace(step, state=StepState.MISSING, reason=reason, taken_by=name)
        else:
            yield replace(step, taken_by=name)


def _taken(steps: Sequence[Step], records: Mapping[str, Record], graph: Graph) -> dict[str, str]:
    """Phase that is gone → the phase new to the ledger that holds most of its scripts, by file or by text."""
    known = {record.phase for record in records.values()}
    new = [script for script in graph.scripts if script.phase not in known]
    taken = {}
    for phase in {step.phase for step in steps} - graph.complete_after.keys():
        mine = [step for step in steps if step.phase == phase and step.record is not None]
        found = Counter(name for step in mine for name in {script.phase for script in new if _same(step, script)})
        best = max(sorted(found), key=lambda name: found[name], default=None)
        if best is not None and 2 * found[best] > len(mine):
            taken[phase] = best
    return taken


def _same(step: Step, script: Script) -> bool:
    assert step.record is not None
    named = step.kind == "repeatable" and step.key.partition("/")[2] == script.key.partition("/")[2]
    return named or step.record.semantic == script.semantic_sha


def _gone(record: Record) -> Step:
    if record.kind == "repeatable":
        reason = "not on disk; what it created is still in the database"
        return Step(record.script, record.phase, record.kind, StepState.ORPHAN, reason, None, record)
    return Step(record.script, record.phase, record.kind, StepState.MISSING, "applied, not on disk", None, record)


def _block(steps: Sequence[Step], gone: Sequence[Step]) -> Iterator[Step]:
    """On a target that keeps its data, what would run after a problem waits for it."""
    problem = next((step for step in gone if step.state in PROBLEMS), None)
    for step in steps:
        if problem is None and step.state in PROBLEMS:
            problem = step
        if problem is not None and step.runs:
            reason = f"waits for {problem.phase}, which is {problem.state.value}"
            yield replace(step, state=StepState.BLOCKED, reason=reason)
        else:
            yield step


def _going_back(
    steps: Sequence[Step], gone: Sequence[Step], history: Sequence[str], to: str | None, graph: Graph
) -> Plan:
    """The plan of a disposable target: from the first script that does not hold, everything runs again."""
    first = next((index for index, step in enumerate(steps) if step.state in GOES_BACK), len(steps))
    cause = steps[first] if first < len(steps) else None
    for step in gone:
        before = set(history[: history.index(step.key)])
        index = next((i for i, other in enumerate(steps) if other.key not in before), len(steps))
        if cause is None or index < first:
            first, cause = index, step
    if cause is None:
        return Plan(tuple(steps), to)
    because = _because(cause, graph)
    again = [_again(step, because) for step in steps[first:]]
    return Plan((*steps[:first], *again), to, None, first, because)


def _because(cause: Step, graph: Graph) -> str:
    """`phase "05_leads" was edited`; of one script where the rest of its phase is as it was."""
    alone = cause.script is None and cause.phase in graph.complete_after
    told = cause.key if alone or cause.state is StepState.CHANGED else f'phase "{cause.phase}"'
    return f"{told} {WHY[cause.state]}"


def _again(step: Step, because: str) -> Step:
    if step.script is None or step.record is None:
        return step
    reason = f"again: {because}"
    return replace(step, state=StepState.PENDING, reason=reason, again=True)
