"""What must be settled before a plan can run, told with its ways out."""

from nexiom_runner.errors import Fault, Place, with_source
from nexiom_runner.plan.model import Plan, Step, StepState, moment


def faults(plan: Plan, target: str | None = None) -> tuple[Fault, ...]:
    """One fault a problem, in order: what is wrong, since when, what can be done.

    `target` is what the commands in hints name with --target; None where they need not.
    """
    return tuple(dict.fromkeys(_fault(step, _option(target)) for step in plan.problems))


def warnings(plan: Plan, target: str | None = None) -> tuple[Fault, ...]:
    """What nothing runs for and a person should know; `target` as above."""
    return tuple(_warning(step, _option(target)) for step in plan.warnings)


def _option(target: str | None) -> str:
    return f" --target {target}" if target else ""


def _fault(step: Step, on: str) -> Fault:
    if step.state is StepState.EDITED and step.kind == "backfill" and step.record and not step.record.whole:
        return _edited_backfill(step, on)
    if step.state is StepState.EDITED:
        return _edited(step, on) if step.record is None or step.record.whole else _edited_part(step, on)
    if step.taken_by is not None:
        return _taken(step, step.taken_by, on)
    return _missing(step, on)


def _edited(step: Step, on: str) -> Fault:
    assert step.script is not None
    assert step.record is not None
    path = step.script.rendered.source.path
    fault = Fault(
        f'phase "{step.phase}" was edited after it was applied',
        Place(path, 1),
        detail=f"{_applied(step)} with fingerprint {step.record.semantic[:12]}, "
        f"{path} now has {step.script.semantic_sha[:12]}.",
        hint="Restore the file and put the change into a new phase; or, where the database already is as the "
        f'file says: nexiom accept {step.phase}{on} --reason "…"',
    )
    return with_source(fault, step.script.rendered.source.text)


def _edited_part(step: Step, on: str) -> Fault:
    """What ran of it is no longer what the file begins with, so that nobody can say what is left to run."""
    assert step.script is not None
    assert step.record is not None
    record, path = step.record, step.script.rendered.source.path
    ran = f"{record.done} of {record.segments} segments"
    if record.started:
        ran += f", and segment {record.started} was begun"
    commit = f", as it was at commit {record.commit[:12]}" if record.commit else ""
    fault = Fault(
        f'phase "{step.phase}" was edited after a part of it was applied',
        Place(path, 1),
        detail=f"{_applied(step)}: {ran}. {path} no longer begins with what ran.",
        hint=f"Restore what ran{commit}, and change only what follows it; or, where the database already is as the "
        f"file now says of it: nexiom {'resolve' if record.started else 'accept'} {step.phase}{on} "
        f'{"--done " if record.started else ""}--reason "…"',
    )
    return with_source(fault, step.script.rendered.source.text)


def _edited_backfill(step: Step, on: str) -> Fault:
    """Some of its batches ran another statement, and nobody said that it was wrong."""
    assert step.script is not None
    assert step.record is not None
    record, path = step.record, step.script.rendered.source.path
    by = f" by {record.by}" if record.by else ""
    commit = f", as it was at commit {record.commit[:12]}" if record.commit else ""
    fault = Fault(
        f'phase "{step.phase}" was edited after a part of its backfill was done',
        Place(path, 1),
        detail=f"Begun {moment(record.at)}{by}; its batches so far ran another statement.",
        hint=f"Restore it{commit}; or go on with what it says now: nexiom resolve {step.phase}{on} --again --reason "
        '"…"; or, where nothing is left to do, --done.',
    )
    return with_source(fault, step.script.rendered.source.text)


def _missing(step: Step, on: str) -> Fault:
    return Fault(
        f'phase "{step.phase}" is applied and not in the project',
        detail=f"{_applied(step)}; {step.key} is not on disk.",
        hint="Restore the file; or write `renamed_from:` into the phase that took its place; or, where it is gone "
        f'for good: nexiom retire {step.phase}{on} --reason "…"',
    )


def _taken(step: Step, name: str, on: str) -> Fault:
    return Fault(
        f'phase "{step.phase}" is applied and not in the project; phase "{name}" holds the same scripts',
        detail=f"{_applied(step)}.",
        hint=f"Write `renamed_from: {step.phase}` into phases/{name}/phase.yml; or, where it is another phase: "
        f'nexiom retire {step.phase}{on} --reason "…"',
    )


def _warning(step: Step, on: str) -> Fault:
    if step.state is StepState.ORPHAN:
        return Fault(
            f"{step.key} is applied and not in the project: what it created is still in the database",
            hint=f'Drop it in a phase; then: nexiom retire {step.phase}{on} --reason "…"',
        )
    return Fault(
        f'phase "{step.phase}" has other inputs than when it was applied: a macro or a variable changed, the file '
        "did not",
        detail=f"{_applied(step)}. Nothing runs for it.",
        hint=f'To take the new text as what was applied: nexiom accept {step.phase}{on} --reason "…"',
    )


def _applied(step: Step) -> str:
    record = step.record
    assert record is not None
    by = f" by {record.by}" if record.by else ""
    return f"Applied {moment(record.at)}{by}"
