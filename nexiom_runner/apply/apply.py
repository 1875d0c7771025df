"""Apply a plan: each script and its ledger entry in one transaction, until one fails."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from nexiom_runner.apply.ahead import Composed, compose
from nexiom_runner.apply.backfill import run_backfill
from nexiom_runner.apply.failure import explain
from nexiom_runner.apply.ledger import History, append, insertion, make_ledger, overtaken, read_history
from nexiom_runner.apply.lock import lost_lock
from nexiom_runner.apply.lone import carry_out, look, make_statement, still_invalid
from nexiom_runner.apply.message import Message, Reveal, lone_message, make_message
from nexiom_runner.apply.outcome import (
    SAFE,
    blocked,
    ended_by_itself,
    failed,
    invalid,
    misfit,
    passed,
    rolled_back,
    seen,
    unknown,
    unpinned,
)
from nexiom_runner.apply.pooled import read_otherwise
from nexiom_runner.apply.probe import Found
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.apply.vacuous import Vacuous, details, find_vacuous, may_be_vacuous, misfits, told
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import Fault, Place, RunError, ServerError, UnavailableError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Entry, Event
from nexiom_runner.plan.model import Plan, Step
from nexiom_runner.plan.problems import faults
from nexiom_runner.results import Outcome, Result
from nexiom_runner.sql.destructive import why_destructive
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Segment

OTHERS = "applied by another runner"
PATIENT = Patience()


@dataclass(slots=True)
class _Run:
    session: Session
    graph: Graph
    runner: Runner
    reveal: Reveal
    history: History
    before: Callable[[str], Session] | None
    patience: Patience
    direct: Callable[[], Session] | None = None
    mark: str = ""  # of the transaction under way
    following: Step | None = None  # what runs behind the script under way
    behind: Step | None = None  # and what behind that
    ahead: Composed | None = None  # the transaction that comes next, composed meanwhile
    unflushed: bool = False  # the last commit did not wait for the disk


def apply_plan(
    session: Session,
    plan: Plan,
    graph: Graph,
    history: History,
    runner: Runner,
    *,
    reveal: Reveal,
    before: Callable[[str], Session] | None = None,
    patience: Patience = PATIENT,
    direct: Callable[[], Session] | None = None,
) -> Iterator[Result]:
    """Run what the plan says runs, in order; one Result a script, as it ends.

    Each transaction of a script is one message: `begin`, settings, statements, entry, `commit`; two where a statement
    may be skipped by `if exists`, so that what did nothing is in the entry. It is applied with its entry or not at
    all. A statement outside of any transaction has a `started` entry before it and an `applied` one after it; `direct`
    gives the session it runs on, where that is another. What a run that died left of a script goes on at the exact
    statement. The first failure is a Result, the scripts behind it are BLOCKED, and a
    `failed` entry is written. What another runner applied meanwhile is not run again. `reveal` puts
    secrets into the text that is sent; `before` is called with each script's key and gives the session to go on with;
    `patience` says how long a script waits for the locks of others and how often it is tried again.

    Raises RunError where the plan has problems (nothing was run), TargetError where no ledger can be made,
    UnavailableError where the connection is lost (whether the last script was committed is in the ledger), and
    lets KeyboardInterrupt through after rolling back, its text saying what is left behind.
    """
    if plan.problems:
        raise RunError(*faults(plan, runner.target_named))
    if not plan.todo and not plan.renames:
        return
    if not history.made:
        make_ledger(session)
        history = read_history(session, runner.project)
    run = _Run(session, graph, runner, reveal, history, before, patience, direct)
    for new, old in (plan.renames or {}).items():
        _rename(run, new, old)
    yield from _steps(run, plan.todo)


def _steps(run: _Run, steps: Sequence[Step]) -> Iterator[Result]:
    try:
        for index, step in enumerate(steps):
            if run.before is not None:
                run.session = run.before(step.key)
            run.following, run.behind = (*steps[index + 1 : index + 3], None, None)[:2]
            result = _backfill(run, step) if step.kind == "backfill" else _apply(run, step)
            if run.following is None:
                _flush(run)
            yield result
            if result.outcome is not Outcome.PASS:
                yield from (blocked(_script(later), step.key) for later in steps[index + 1 :])
                return
    finally:
        with suppress(ServerError, UnavailableError):  # what ended the run is told
            _flush(run)


def _flush(run: _Run) -> None:
    """Wait until all is on disk that was committed (https://www.postgresql.org/docs/current/wal-async-commit.html):
    in between, a crash of the server takes the newest transactions away whole, each with its entry."""
    if run.unflushed and not run.session.closed and not run.session.in_transaction:
        run.session.rows(load(__file__, "flush.sql"))
        run.unflushed = False


def _backfill(run: _Run, step: Step) -> Result:
    result, run.history = run_backfill(
        run.session, step, run.graph, run.runner, run.history, reveal=run.reveal, patience=run.patience
    )
    return result


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a script is: segments applied, and whether the next one was started."""

    done: int = 0
    begun: bool = False


class _Stopped(Exception):
    """A segment that the server did not refuse and that cannot go on; `failed`: nothing of it is left."""

    def __init__(self, fault: Fault, *, failed: bool) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.failed = failed


def _apply(run: _Run, step: Step) -> Result:
    """Apply one script, segment by segment, each again where another runner's entry came between or a lock was
    waited for in vain."""
    script, attempts, began = _script(step), 0, time.perf_counter()
    progress, warned = _progress(run, step), list[Fault]()
    while progress is not None and progress.done < len(script.segments):
        segment = script.segments[progress.done]
        if (progress.done or attempts) and not run.patience.held():
            raise lost_lock(run.runner.project, f"statement {segment.first + 1} of {script.key}")
        composed, run.ahead = run.ahead, None
        if composed is not None and composed.fits(script.key, progress.done, run.history.head):
            message, run.mark = composed.message, composed.mark
        else:
            message, composed = _message(run, script, segment), None
        try:
            carried = _carry_out(run, step, progress, message, composed)
        except ServerError as error:
            attempts += 1
            if _is_news(run, error) or run.patience.again(script.phase, error.report, attempts):
                progress = _progress(run, step)
                continue
            if run.patience.taken(error.report):
                raise _busy(run, script, progress.done, error) from None
            return _failed(run, script, progress.done, message, error, attempts, time.perf_counter() - began)
        except _Stopped as stopped:
            return _stopped(run, script, progress.done, stopped, time.perf_counter() - began)
        except UnavailableError as error:
            raise _lost(script, error) from None
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_interrupted(run, script, progress.done)) from None
        finally:
            run.patience.ends()
        if carried is None:
            return ended_by_itself(script, time.perf_counter() - began)
        warned += carried
        progress, attempts = _Progress(progress.done + 1), 0
    if progress is None:
        return passed(script, 0.0, OTHERS)
    return passed(script, time.perf_counter() - began, step.reason, tuple(warned))


def _progress(run: _Run, step: Step) -> _Progress | None:
    """From where the script goes on, by the ledger as it was read last; None where another runner has applied it."""
    script, record = _script(step), run.history.state.scripts.get(step.key, step.record)
    if record is None:
        return _Progress()
    if record.whole:
        return None if record != step.record and record.semantic == script.semantic_sha else _Progress()
    return _Progress(record.done, record.started is not None)


def _message(run: _Run, script: Script, segment: Segment) -> Message:
    mark = secrets.token_hex(8)
    run.mark = mark
    if segment.lone is not None:
        return lone_message(script, segment, mark, run.reveal)
    return _transaction(run, script, segment, mark, last=run.following is None and segment is script.segments[-1])


def _transaction(run: _Run, script: Script, segment: Segment, mark: str, *, last: bool) -> Message:
    """The commit of the `last` one waits for the disk, and so for all before it."""
    settings = run.session.written(run.patience.settings(script.phase))
    return make_message(script, segment, settings, mark, run.reveal, claim=run.patience.claim, waits=last)


def _carry_out(
    run: _Run, step: Step, progress: _Progress, message: Message, composed: Composed | None
) -> tuple[Fault, ...] | None:
    """Run one segment with its entry; what of it did nothing, or None where it ended its transaction by itself."""
    script = _script(step)
    if script.segments[progress.done].lone is not None:
        return _alone(run, script, progress, message)
    run.patience.begins(run.mark)
    run.unflushed = not message.waits
    if may_be_vacuous(script, script.segments[progress.done]):
        return _in_two_messages(run, script, progress.done, _event(step), message)
    whole = composed or _composed(run, step, progress.done, run.history.head, run.mark, message)
    sent = run.session.send(whole.text, meanwhile=partial(_compose_next, run, step, whole))
    run.session.take_notices()
    return () if _head(run, sent[message.entry_at].rows) else None


def _event(step: Step) -> Event:
    return Event.RERUN if step.record is not None and step.kind == "repeatable" else Event.APPLIED


def _composed(run: _Run, step: Step, at: int, previous: str, mark: str, message: Message) -> Composed:
    entry = _entry(run, _event(step), _script(step), at)
    written = insertion(run.session, entry, previous, mark)
    return compose(step.key, at, previous, mark, message, entry, written)


def _compose_next(run: _Run, step: Step, under_way: Composed) -> None:
    """While the server works: the transaction behind the one under way, where it is one, and can be one message."""
    following = run.following if under_way.at + 1 == len(_script(step).segments) else None
    progress = _progress(run, following) if following is not None else None
    if following is None or progress is None or following.kind == "backfill":
        return
    script = _script(following)
    segment = script.segments[progress.done] if progress.done < len(script.segments) else None
    if segment is None or segment.lone is not None or may_be_vacuous(script, segment):
        return
    mark = secrets.token_hex(8)
    message = _transaction(run, script, segment, mark, last=run.behind is None and segment is script.segments[-1])
    run.ahead = _composed(run, following, progress.done, under_way.hash, mark, message)


def _in_two_messages(run: _Run, script: Script, at: int, event: Event, message: Message) -> tuple[Fault, ...] | None:
    """What the server says of statements that it may skip is read before they are committed, and kept in the entry."""
    session, segment = run.session, script.segments[at]
    session.take_notices()
    try:
        session.send(message.opening)
        found = find_vacuous(script, segment, session.take_notices(), message.before)
        if script.phase not in run.graph.accepts_existing:
            _refuse_misfits(session, script, found)
        written = _insertion(run, _entry(run, event, script, at, details=details(script, found)))
        sent = _closed(session, message, written)
    finally:
        if not session.closed and session.in_transaction:
            session.send("rollback")
    return tuple(told(script, one) for one in found) if _head(run, sent[message.entry_at].rows) else None


def _closed(session: Session, message: Message, written: str) -> tuple[ResultSet, ...]:
    try:
        return session.send(message.closing(written))
    except ServerError as error:
        error.completed += message.before + message.statements
        raise


def _refuse_misfits(session: Session, script: Script, found: Sequence[Vacuous]) -> None:
    for one in found:
        if differing := misfits(session, script, one):
            raise _Stopped(misfit(script, one, differing), failed=True)


def _alone(run: _Run, script: Script, progress: _Progress, message: Message) -> tuple[Fault, ...]:
    """A statement outside of any transaction: `started` before it, `applied` after it."""
    at = progress.done
    segment = script.segments[at]
    session = run.session if run.direct is None else run.direct()
    own = run.direct is not None or not session.shared
    statement = make_statement(session, script, segment, message, run.patience, own=own)
    if not own and (names := read_otherwise(session, statement)):
        raise _Stopped(unpinned(script, segment, names), failed=False)
    found = look(session, statement, begun=progress.begun)
    if found.found is Found.UNKNOWN:
        raise _Stopped(unknown(script, segment, found, run.runner.target_named), failed=False)
    vacuous: list[Vacuous] = []
    if found.found is Found.NOT_DONE:
        if not progress.begun:
            _append(run, _entry(run, Event.STARTED, script, at))
        run.patience.begins_alone(run.mark, script.phase, f'"{script.statements[segment.first].label}"')
        notices = carry_out(session, statement, found)
        vacuous = find_vacuous(script, segment, notices, 0)
        if name := still_invalid(session, statement):
            raise _Stopped(invalid(script, segment, name), failed=True)
    entry = _entry(run, Event.APPLIED, script, at, details=details(script, vacuous) | seen(found))
    _append(run, entry)
    return tuple(told(script, one) for one in vacuous)


def _append(run: _Run, entry: Entry) -> None:
    """Add an entry in a transaction of its own, which waits for the disk."""
    run.history = replace(run.history, head=append(run.session, entry, run.history.head))
    run.unflushed = False


def _insertion(run: _Run, entry: Entry) -> str:
    return insertion(run.session, entry, run.history.head, run.mark)


def _head(run: _Run, rows: Sequence[tuple[str | None, ...]]) -> bool:
    """Take the hash of the entry that was written as the one the next follows; whether there is one."""
    if rows:
        run.history = replace(run.history, head=str(rows[0][0]))
    return bool(rows)


def _entry(run: _Run, event: Event, script: Script, at: int = 0, **fields: Any) -> Entry:
    """An entry of the script, of its segment `at` (from 0) where it has several; `semantic` is of what then has run."""
    number: dict[str, int] = {}
    segment = script.segments[at]
    if not script.atomic:
        number = {"segment": at + 1, "segments": len(script.segments)}
    if event in (Event.APPLIED, Event.RERUN) and (reason := run.graph.destructive.get(script.phase)):
        why = why_destructive(script.statements[segment.first : segment.last], reason)
        fields["details"] = {**fields.get("details", {}), **why}
    return run.runner.entry(
        event,
        phase=script.phase,
        script=script.key,
        kind=script.kind,
        source=script.source_sha,
        semantic=script.reached(at + 1),
        statements=segment.last - segment.first,
        **number,
        **fields,
    )


def _is_news(run: _Run, error: ServerError) -> bool:
    """Another runner added to the ledger: then its work may be why this failed, and is looked at first."""
    fresh = read_history(run.session, run.runner.project)
    moved = fresh.head != run.history.head
    run.history = fresh
    return moved or overtaken(error)


def _rename(run: _Run, new: str, old: str) -> None:
    """Write down that a phase has another name; a runner that wrote it first is as good."""
    while new not in run.history.state.phases:
        entry = run.runner.entry(Event.RENAMED, phase=new, renamed_from=old)
        try:
            _append(run, entry)
            return
        except ServerError as error:
            if not overtaken(error):
                raise
            run.history = read_history(run.session, run.runner.project)


def _failed(
    run: _Run, script: Script, at: int, message: Message, error: ServerError, attempts: int, seconds: float
) -> Result:
    report = error.report
    failure = explain(run.session, script, message, report, error.completed, run.graph)
    fault = failure.fault
    facts = {"sqlstate": report.sqlstate, "message": report.message}
    if failure.statement is not None:
        facts["statement"] = str(failure.statement)
    unwritten = _write_failure(run, script, at, fault.place, facts)
    why = run.patience.why(script.phase, report, attempts)
    detail = " ".join(filter(None, (fault.detail, why, unwritten)))
    return failed(script, fault, seconds, _state(run, script, at), detail)


def _stopped(run: _Run, script: Script, at: int, stopped: _Stopped, seconds: float) -> Result:
    fault = stopped.fault
    unwritten = None
    if stopped.failed:
        unwritten = _write_failure(run, script, at, fault.place, {"message": fault.message})
    return failed(
        script, fault, seconds, _state(run, script, at), " ".join(filter(None, (fault.detail, unwritten))) or None
    )


def _write_failure(run: _Run, script: Script, at: int, place: Place | None, facts: dict[str, str]) -> str | None:
    """The `failed` entry, in a transaction of its own; where it cannot be written, a sentence that says so."""
    known = {**facts, "place": str(place)} if place is not None else facts
    try:
        entry = _entry(run, Event.FAILED, script, at, details=known)
        _append(run, entry)
    except (ServerError, UnavailableError) as error:
        return f"The failure could not be written into the ledger: {error}."
    return None


def _state(run: _Run, script: Script, at: int) -> str:
    """What is left behind after a rollback."""
    return rolled_back(script, at, list(read_history(run.session, run.runner.project).state.scripts.values()))


def _lost(script: Script, error: UnavailableError) -> UnavailableError:
    fault = error.faults[0]
    return UnavailableError(replace(fault, state=_in_ledger(script)))


def _in_ledger(script: Script) -> str:
    if script.atomic:
        return f'Whether "{script.key}" was committed is in the ledger, never half of it. {SAFE}'
    return f'How far "{script.key}" is applied is in the ledger. {SAFE}'


def _busy(run: _Run, script: Script, at: int, error: ServerError) -> UnavailableError:
    """Another runner's transaction held the lock each time."""
    state = _state(run, script, at)
    return UnavailableError(Fault(error.report.message, state=state, hint="Try again when it has ended."))


def _interrupted(run: _Run, script: Script, at: int) -> str:
    """What is left behind; the session has rolled back."""
    if run.session.closed:
        return _in_ledger(script)
    if read_history(run.session, run.runner.project).head != run.history.head:
        return f'"{script.key}" was committed before the interruption. {SAFE}'
    return _state(run, script, at)


def _script(step: Step) -> Script:
    assert step.script is not None
    return step.script
