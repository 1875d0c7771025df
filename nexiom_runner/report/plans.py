"""A plan as people and machines read it: each step with its reason, and what it comes to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from nexiom_runner.plan.model import Plan, PlannedStatement, Step, StepState
from nexiom_runner.report.words import count

_MARKS = {
    StepState.PENDING: "+",
    StepState.CHANGED: "~",
    StepState.RENAMED: "~",
    StepState.EDITED: "!",
    StepState.MISSING: "!",
    StepState.PARTIAL: "~",
    StepState.INPUTS: "?",
    StepState.ORPHAN: "?",
    StepState.BLOCKED: "x",
}
NOT_COMPARED = "; the catalog was not compared (nexiom audit)"
_NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


def plan_lines(plan: Plan, target: str, backfills: Mapping[str, str] = _NOTHING_KNOWN) -> list[str]:
    """The steps that are not simply applied, phase by phase in order, then the sum; `backfills` says by script how
    each goes."""
    shown = [step for step in plan.steps if step.state is not StepState.APPLIED]
    lines: list[str] = []
    if plan.back_because:
        kept = len(plan.steps) - len(plan.todo)
        lines.append(f"goes back, because {plan.back_because}: {count(kept, 'script')} stay{'s' if kept == 1 else ''}")
    for phase, steps in groupby(shown, key=lambda step: step.phase):
        lines.extend(_phase(phase, list(steps), backfills))
    return [*lines, *([""] if lines else []), plan_sum(plan, target)]


def _phase(phase: str, steps: Sequence[Step], backfills: Mapping[str, str]) -> list[str]:
    reasons = list(dict.fromkeys(step.reason for step in steps))
    head = reasons[0] if len(reasons) == 1 else f"{len(steps)} scripts"
    lines = [f" {_MARKS.get(steps[0].state, ' ')} {phase:<33} {head}".rstrip()]
    for step in steps:
        name = step.key.removeprefix(f"{phase}/")
        if len(reasons) > 1:
            lines.append(f"     {name:<35} {step.reason}".rstrip())
            name = ""
        labels = [f"{statement.label}{_manner(step, statement, backfills)}" for statement in step.statements]
        for label in labels or ([""] if name else []):
            lines.append(f"     {name:<35} {label}".rstrip())
            name = ""
    return lines


def _manner(step: Step, statement: PlannedStatement, backfills: Mapping[str, str]) -> str:
    """In which transaction of a script that has several, or that it has none."""
    if step.kind == "backfill":
        return f"   {backfills.get(step.key, 'in batches, each a transaction')}"
    if not statement.transactional:
        return "   outside a transaction"
    return "" if step.script is None or step.script.atomic else f"   transaction {statement.segment}"


def plan_sum(plan: Plan, target: str) -> str:
    """`3 phases, 4 statements, all transactional. Nothing was changed. Apply with …`."""
    if not plan.anything_to_do:
        return "nothing to apply. Nothing was changed."
    if not plan.todo and plan.problems:
        return f"{count(len(plan.problems), 'problem')} to settle first: apply stops. Nothing was changed."
    what = size(plan) if plan.todo else nothing_to_run(plan)
    return f"{what}. Nothing was changed. Apply with `nexiom apply --target {target}`."


def size(plan: Plan) -> str:
    """`3 phases, 4 statements, all transactional, 1 backfill in batches`."""
    scripts = [step for step in plan.todo if step.kind != "backfill"]
    statements = [statement for step in scripts for statement in step.statements]
    outside = sum(not statement.transactional for statement in statements)
    manner = f"{outside} outside a transaction" if outside else "all transactional"
    phases = len({step.phase for step in plan.todo})
    parts = sum(step.script is not None and not step.script.atomic for step in scripts)
    atomic = f"; {count(parts, 'script')} not atomic: what is committed before a failure stays" if parts else ""
    what = [f"{count(len(statements), 'statement')}, {manner}"] if scripts else []
    if fills := len(plan.todo) - len(scripts):
        what.append(f"{count(fills, 'backfill')} in batches")
    return f"{count(phases, 'phase')}, {', '.join(what)}{atomic}"


def nothing_to_run(plan: Plan) -> str:
    """What an apply does where no script runs: it goes back, or writes new names into the ledger."""
    renames = plan.renames or {}
    if not renames:
        return "nothing to run"
    names = ", ".join(f"{old} → {new}" for new, old in renames.items())
    return f"nothing to run; {count(len(renames), 'rename')} to write into the ledger ({names})"


def todo_line(plan: Plan, target: str, now: datetime, *, compares: bool = False) -> str:
    """`plan: 3 phases, 4 statements, all transactional`, or that nothing is to be done.

    `compares`: the command audits the catalog too.
    """
    if not plan.anything_to_do:
        return up_to_date(plan, target, now) + ("" if compares else NOT_COMPARED)
    back = f"; goes back, because {plan.back_because}" if plan.back_because else ""
    return f"plan: {size(plan) if plan.todo else nothing_to_run(plan)}{back}"


def up_to_date(plan: Plan, target: str, now: datetime) -> str:
    """`staging is up to date: 12 phases, last applied 2 days ago`: the ledger says so, which is all that was read."""
    phases = len({step.phase for step in plan.steps if step.script is not None})
    times = [datetime.fromisoformat(step.record.at) for step in plan.steps if step.record]
    last = f", last applied {ago((now - max(times)).total_seconds())}" if times else ""
    gone = f", {count(len(plan.gone), 'phase')} not in the project" if plan.gone else ""
    warned = f", {count(len(plan.warnings), 'warning')}" if plan.warnings else ""
    return f"{target} is up to date: {count(phases, 'phase')}{last}{gone}{warned}"


def ago(seconds: float) -> str:
    """`just now`, `5 minutes ago`, `2 days ago`."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{count(int(seconds // length), unit)} ago"
    return "just now"
