"""One segment in a transaction: its message, its entry, and the next one composed meanwhile."""

import secrets
from collections.abc import Sequence
from functools import partial

from nexiom_runner.apply.ahead import Composed, compose
from nexiom_runner.apply.alone import carry_out_alone
from nexiom_runner.apply.current import (
    Progress,
    Run,
    Stopped,
    entry_of,
    insertion_of,
    progress_of,
    script_of,
    take_head,
)
from nexiom_runner.apply.ledger import insertion
from nexiom_runner.apply.message import Message, lone_message, make_message
from nexiom_runner.apply.outcome import misfit
from nexiom_runner.apply.vacuous import Vacuous, details, find_vacuous, may_be_vacuous, misfits, told
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import Fault, ServerError
from nexiom_runner.ledger.entry import Event
from nexiom_runner.plan.model import Step
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Segment


def message_of(run: Run, script: Script, segment: Segment) -> Message:
    """What is sent for a segment, under a mark of its own."""
    mark = secrets.token_hex(8)
    run.mark = mark
    if segment.lone is not None:
        return lone_message(script, segment, mark, run.reveal)
    return _transaction(run, script, segment, mark, last=run.following is None and segment is script.segments[-1])


def _transaction(run: Run, script: Script, segment: Segment, mark: str, *, last: bool) -> Message:
    """The commit of the `last` one waits for the disk, and so for all before it."""
    settings = run.session.written(run.patience.settings(script.phase))
    return make_message(script, segment, settings, mark, run.reveal, claim=run.patience.claim, waits=last)


def carry_out_segment(
    run: Run, step: Step, progress: Progress, message: Message, composed: Composed | None
) -> tuple[Fault, ...] | None:
    """Run one segment with its entry; what of it did nothing, or None where it ended its transaction by itself."""
    script = script_of(step)
    if script.segments[progress.done].lone is not None:
        return carry_out_alone(run, script, progress, message)
    run.patience.begins(run.mark)
    run.unflushed = not message.waits
    if may_be_vacuous(script, script.segments[progress.done]):
        return _in_two_messages(run, script, progress.done, _event(step), message)
    whole = composed or _composed(run, step, progress.done, run.history.head, run.mark, message)
    sent = run.session.send(whole.text, meanwhile=partial(_compose_next, run, step, whole))
    run.session.take_notices()
    return () if take_head(run, sent[message.entry_at].rows) else None


def _event(step: Step) -> Event:
    return Event.RERUN if step.record is not None and step.kind == "repeatable" else Event.APPLIED


def _composed(run: Run, step: Step, at: int, previous: str, mark: str, message: Message) -> Composed:
    entry = entry_of(run, _event(step), script_of(step), at)
    written = insertion(run.session, entry, previous, mark)
    return compose(step.key, at, previous, mark, message, entry, written)


def _compose_next(run: Run, step: Step, under_way: Composed) -> None:
    """While the server works: the transaction behind the one under way, where it is one, and can be one message."""
    following = run.following if under_way.at + 1 == len(script_of(step).segments) else None
    progress = progress_of(run, following) if following is not None else None
    if following is None or progress is None or following.kind == "backfill":
        return
    script = script_of(following)
    segment = script.segments[progress.done] if progress.done < len(script.segments) else None
    if segment is None or segment.lone is not None or may_be_vacuous(script, segment):
        return
    mark = secrets.token_hex(8)
    message = _transaction(run, script, segment, mark, last=run.behind is None and segment is script.segments[-1])
    run.ahead = _composed(run, following, progress.done, under_way.hash, mark, message)


def _in_two_messages(run: Run, script: Script, at: int, event: Event, message: Message) -> tuple[Fault, ...] | None:
    """What the server says of statements that it may skip is read before they are committed, and kept in the entry."""
    session, segment = run.session, script.segments[at]
    session.take_notices()
    try:
        session.send(message.opening)
        found = find_vacuous(script, segment, session.take_notices(), message.before)
        if script.phase not in run.graph.accepts_existing:
            _refuse_misfits(session, script, found)
        written = insertion_of(run, entry_of(run, event, script, at, details=details(script, found)))
        sent = _closed(session, message, written)
    finally:
        if not session.closed and session.in_transaction:
            session.send("rollback")
    return tuple(told(script, one) for one in found) if take_head(run, sent[message.entry_at].rows) else None


def _closed(session: Session, message: Message, written: str) -> tuple[ResultSet, ...]:
    try:
        return session.send(message.closing(written))
    except ServerError as error:
        error.completed += message.before + message.statements
        raise


def _refuse_misfits(session: Session, script: Script, found: Sequence[Vacuous]) -> None:
    for one in found:
        if differing := misfits(session, script, one):
            raise Stopped(misfit(script, one, differing), failed=True)
