"""The plan as JSON-able data, for `--format json` and whoever reads it."""

from typing import Any

from nexiom_runner.plan.model import Plan, PlannedStatement, Step


def plan_data(plan: Plan) -> dict[str, Any]:
    """Counts, then each step with what it would send. Keys and their order stay."""
    return {
        "to": plan.to,
        "counts": {state.value: count for state, count in sorted(plan.counts.items())},
        "back_to": plan.back_to,
        "back_because": plan.back_because,
        "renames": dict(plan.renames or {}),
        "steps": [_step(step) for step in plan.steps],
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
