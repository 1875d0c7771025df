"""A copy without a dump: the scripts that the ledger says are applied, run again, where they are what is on disk."""

from dataclasses import replace

from nexiom_runner.apply.message import Reveal, lone_message
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerError, TargetError
from nexiom_runner.plan.model import Plan, Step, StepState
from nexiom_runner.sql.backfill import without_limit
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Segment

MARK = "copy"
THERE_ALREADY = "42710"
_ROLES = ("create role", "create user", "create group")
_AS_APPLIED = frozenset({StepState.APPLIED, StepState.RENAMED})


def unknown_script(plan: Plan, target: str, why_no_dump: str) -> Fault | None:
    """The first script whose applied text is not the one on disk, as what keeps a copy from being made."""
    if plan.back_to is not None:
        return None
    for step in plan.steps:
        known = step.state in _AS_APPLIED or step.record is None or step.state is StepState.PARTIAL
        if not known:
            return Fault(
                f'no copy of "{target}" can be made: {why_no_dump}',
                detail=f"Nor can it be made from the scripts: {step.key} is {step.state.value}, so that what was "
                "applied is not on disk.",
                hint="Install a PostgreSQL whose pg_dump reaches the target (see docs/how-to/rehearse.md), or use "
                "--on-target.",
            )
    return None


def replay(session: Session, plan: Plan, patience: Patience, reveal: Reveal, target: str) -> None:
    """Run what is applied, in order, each transaction as apply does. Raises TargetError where that fails here."""
    kept = plan.steps if plan.back_to is None else plan.steps[: plan.back_to]
    for step in kept:
        if step.script is None:
            continue
        whole = plan.back_to is not None or step.state in _AS_APPLIED
        last = len(step.script.segments) if whole else step.done
        _run(session, step, step.script, last, patience, reveal, target)


def _run(
    session: Session, step: Step, script: Script, last: int, patience: Patience, reveal: Reveal, target: str
) -> None:
    if step.kind == "backfill":
        text = without_limit(script.text)
        whole = Segment(0, 1, 0, len(text))
        script = replace(script, text=text, segments=(whole,))
    for segment in script.segments[:last]:
        try:
            _segment(session, script, segment, patience, reveal)
        except ServerError as error:
            raise TargetError(
                Fault(
                    f'no copy of "{target}" can be made: "{step.key}" fails on it: {error.report.message}',
                    detail=f"PostgreSQL reported SQLSTATE {error.report.sqlstate}.",
                )
            ) from None


def _segment(session: Session, script: Script, segment: Segment, patience: Patience, reveal: Reveal) -> None:
    if segment.lone is not None:
        session.send(lone_message(script, segment, MARK, reveal).opening)
        return
    settings = session.written(patience.settings(script.phase))
    with session.transaction(isolation="read committed", first=settings):
        try:
            with session.savepoint():
                session.send(lone_message(script, segment, MARK, reveal).opening)
        except ServerError as error:
            if error.report.sqlstate != THERE_ALREADY:
                raise
            _one_by_one(session, script, segment, reveal)


def _one_by_one(session: Session, script: Script, segment: Segment, reveal: Reveal) -> None:
    """Roles are the server's, and those of the target are there already."""
    for index in range(segment.first, segment.last):
        statement = script.statements[index]
        alone = Segment(index, index + 1, statement.start, statement.end)
        try:
            with session.savepoint():
                session.send(lone_message(script, alone, MARK, reveal).opening)
        except ServerError as error:
            if error.report.sqlstate != THERE_ALREADY or not statement.label.startswith(_ROLES):
                raise
