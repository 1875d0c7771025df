"""What a plan would take away for good, and whether the phase says why."""

from collections.abc import Iterator, Mapping

from nexiom_runner.errors import Fault
from nexiom_runner.plan.model import Plan, Step
from nexiom_runner.sql.destructive import Destruction, destructions


def hazards(plan: Plan, reasons: Mapping[str, str]) -> tuple[Fault, ...]:
    """One for each thing that what runs takes away, at its place; `reasons` are those of the phases, by name."""
    return tuple(
        step.script.rendered.fault(
            f'phase "{step.phase}" would {found.what}', found.offset, detail=_reason(reasons.get(step.phase))
        )
        for step, found in destructive_steps(plan)
        if step.script is not None
    )


def unreasoned(plan: Plan, reasons: Mapping[str, str], target: str) -> tuple[Fault, ...]:
    """The same for a protected target, of phases that give no reason: nothing may run then."""
    return tuple(
        step.script.rendered.fault(
            f'phase "{step.phase}" would {found.what} on the protected target "{target}", and gives no reason',
            found.offset,
            hint=f"Write `destructive: REASON` into phases/{step.phase}/phase.yml.",
        )
        for step, found in destructive_steps(plan)
        if step.script is not None and step.phase not in reasons
    )


def destructive_steps(plan: Plan) -> Iterator[tuple[Step, Destruction]]:
    """Each thing that what runs takes away, with the step that does."""
    for step in plan.steps:
        if step.statements and step.script is not None:
            statements = tuple(planned.statement for planned in step.statements)
            yield from ((step, found) for found in destructions(statements))


def _reason(reason: str | None) -> str:
    return f"Its reason: {reason}" if reason else "It gives no reason; a protected target would refuse it."
