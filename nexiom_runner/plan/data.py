"""The plan as JSON-able data, for `--format json` and whoever reads it."""

from collections.abc import Mapping
from typing import Any

from nexiom_runner.plan.hazards import destructive_steps
from nexiom_runner.plan.model import Plan, PlannedStatement, Step
from nexiom_runner.sql.destructive import Destruction


def plan_data(plan: Plan, reasons: Mapping[str, str], moved: str | None = None) -> dict[str, Any]:
    """Counts, what would be taken away, then each step with what it would send. Keys and their order stay.

    `reasons` are why phases may take data away, by name; `moved` is what is said of a clone or a restore.
    """
    return {
        "to": plan.to,
        "counts": {state.value: count for state, count in sorted(plan.counts.items())},
        "back_to": plan.back_to,
        "back_because": plan.back_because,
        "renames": dict(plan.renames or {}),
        "moved": moved,
        "hazards": [_hazard(step, found, reasons.get(step.phase)) for step, found in destructive_steps(plan)],
        "steps": [_step(step) for step in plan.steps],
    }


def _hazard(step: Step, found: Destruction, reason: str | None) -> dict[str, Any]:
    assert step.script is not None
    return {
        "script": step.key,
        "phase": step.phase,
        "what": found.what,
        "place": str(step.script.rendered.place(found.offset)),
        "reason": reason,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "script": step.key,
        "phase": step.phase,
        "kind": step.kind,
        "state": step.state.value,
        "reason": step.reason,
        "applied_at": step.record.at if step.record else None,
        "source": step.script.source_sha if step.script else None,
        "semantic": step.script.semantic_sha if step.script else None,
        "atomic": step.script.atomic if step.script else None,
        "segments": len(step.script.segments) if step.script else None,
        "statements": [_statement(step, statement) for statement in step.statements],
    }


def _statement(step: Step, statement: PlannedStatement) -> dict[str, Any]:
    assert step.script is not None
    return {
        "label": statement.label,
        "place": str(step.script.rendered.place(statement.offset)),
        "transactional": statement.transactional,
        "segment": statement.segment,
    }
