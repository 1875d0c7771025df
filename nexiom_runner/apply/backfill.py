"""Run a backfill: its statement again and again, each batch in a transaction of its own, until it changes no row.

What is done stays done, so a run that died, was stopped or failed goes on with whatever is left. The ledger has a
`started` entry before the first batch and the `applied` one in the transaction of the last; nexiom.backfills counts
between them.
"""

import secrets
import time
from dataclasses import dataclass, field, replace

from nexiom_runner.apply.batch import SHARED, TAKEN_OVER, Batch, Turn, changed_rows, make_batch, run_batch
from nexiom_runner.apply.failure import explain
from nexiom_runner.apply.ledger import NO_RIGHT, History, append, insertion, overtaken, read_history
from nexiom_runner.apply.lock import lost_lock
from nexiom_runner.apply.message import Message, Reveal
from nexiom_runner.apply.outcome import ended_by_itself, failed, left_in_batches, passed, result
from nexiom_runner.apply.progress import Progress, largest, measure, so_far
from nexiom_runner.apply.replicas import Lag, Replicas
from nexiom_runner.apply.stops import behind, endless, no_count, no_right, too_far_behind
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, Place, ServerError, UnavailableError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Entry, Event
from nexiom_runner.ledger.fold import Record
from nexiom_runner.plan.model import Step
from nexiom_runner.project.outline import Backfill
from nexiom_runner.results import Outcome, Result
from nexiom_runner.sql.backfill import in_batches_of, without_limit
from nexiom_runner.sql.destructive import why_destructive
from nexiom_runner.sql.script import Script

OTHERS = "applied by another runner"
TIMES = 3  # the rows of the largest table: a statement that changes more than so many does not come to an end
EVERY = 1.0  # seconds between two looks at the replicas, and between two words on how far it is


@dataclass(slots=True)
class _Work:
    """One backfill by one run. `script` is the text as it is sent, whose offsets are those of the file's."""

    session: Session
    step: Step
    script: Script
    whole: str  # the statement without its limit
    graph: Graph
    runner: Runner
    history: History
    reveal: Reveal
    patience: Patience
    pace: Backfill
    progress: Progress
    turn: Turn
    replicas: Replicas = field(default_factory=Replicas)
    message: Message | None = None
    looked: float = -EVERY
    told: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since this run began."""
        return time.monotonic() - self.progress.began


class _Stopped(Exception):
    """It cannot go on, or should not; every batch before is committed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def run_backfill(
    session: Session,
    step: Step,
    graph: Graph,
    runner: Runner,
    history: History,
    *,
    reveal: Reveal,
    patience: Patience,
) -> tuple[Result, History]:
    """Its Result, once a batch has changed no row or it has failed or stopped; and the history behind it.

    Raises UnavailableError (the connection or the lock was lost, another runner took over), TargetError where the role
    may not keep how far it is, and lets KeyboardInterrupt through: all with the batches before committed.
    """
    work = _work(session, step, graph, runner, history, reveal, patience)
    try:
        return _run(work), work.history
    except UnavailableError as error:
        fault = error.faults[0]
        raise UnavailableError(replace(fault, state=fault.state or _whole_batches(work))) from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_whole_batches(work)) from None
    finally:
        patience.ends()
        _roll_back(session)


def _work(
    session: Session,
    step: Step,
    graph: Graph,
    runner: Runner,
    history: History,
    reveal: Reveal,
    patience: Patience,
) -> _Work:
    assert step.script is not None
    pace = graph.paces.get(step.phase, Backfill())
    sent = replace(step.script, text=in_batches_of(step.script.text, pace.batch))
    whole = reveal(without_limit(step.script.text))
    turn = Turn(runner.project, step.key, SHARED if patience.claim else secrets.token_hex(8))
    return _Work(session, step, sent, whole, graph, runner, history, reveal, patience, pace, Progress(step.key), turn)


def _run(work: _Work) -> Result:
    if _by_others(work):
        return passed(work.script, 0.0, OTHERS)
    _begin(work)
    settings = work.session.written(work.patience.settings(work.script.phase))
    measure(work.progress, work.session, settings, work.whole, TIMES, work.pace)
    attempts = 0
    while True:
        try:
            ended = _step(work)
        except ServerError as error:
            _roll_back(work.session)
            attempts += 1
            if (came_of := _refused(work, error, attempts)) is not None:
                return came_of
            continue
        except _Stopped as stopped:
            _roll_back(work.session)
            return _failed(work, stopped.fault, {"message": stopped.fault.message})
        attempts = 0
        if ended is not None:
            return ended


def _step(work: _Work) -> Result | None:
    """One batch and what comes behind it; its Result where it found nothing to do."""
    if not work.patience.held():
        raise lost_lock(work.runner.project, f"batch {work.progress.batches + 1} of {work.script.key}")
    _wait_for_replicas(work)
    count = _batch(work)
    if count is None:
        return ended_by_itself(work.script, work.seconds)
    if not count:
        done = work.progress.done
        return result(work.script, Outcome.PASS, message=work.step.reason, seconds=work.seconds, detail=done)
    work.progress.add(count)
    _refuse_endless(work)
    _tell(work)
    if work.pace.pause and not work.runner.disposable:
        work.patience.sleep(work.pace.pause / 1_000)
    return None


def _batch(work: _Work) -> int | None:
    """How many rows it changed, committed; with the entry where it was none. None where it ended by itself."""
    session = work.session
    work.message, mark = make_batch(work.script, session, work.patience, work.reveal)
    try:
        return _in_transaction(work, run_batch(work.message, mark, session, work.patience), mark)
    finally:
        work.patience.ends()


def _in_transaction(work: _Work, batch: Batch, mark: str) -> int | None:
    session, count = work.session, changed_rows(batch.changed)
    if isinstance(count, str):
        raise _Stopped(no_count(work.script, count))
    if count:
        batch.commit(work.turn.counts(session, count))
        return count
    if work.turn.run == SHARED:
        rows, batches = work.turn.done(session)
        work.progress.before = rows - work.progress.rows, batches - work.progress.run
    entry = insertion(session, _entry(work, Event.APPLIED, _facts(work)), work.history.head, mark)
    written = batch.commit(work.turn.ends(session), entry)
    if written is None:
        return None
    work.history = replace(work.history, head=str(written[0]))
    return count


def _begin(work: _Work) -> None:
    """Take the turn; with a `started` entry where this text was not begun."""
    while True:
        record = _record(work)
        new = record is None or record.begun != work.script.semantic_sha
        try:
            rows, batches = _take(work, anew=record is None, entry=_entry(work, Event.STARTED) if new else None)
            break
        except ServerError as error:
            if error.report.sqlstate == NO_RIGHT:
                raise no_right(work.session.server.role, error) from None
            if not overtaken(error):
                raise
            work.history = read_history(work.session, work.runner.project)
    work.progress.before = rows, batches
    if batches:
        work.patience.said(f"{work.script.key} goes on behind {so_far(rows, batches)}")


def _take(work: _Work, *, anew: bool, entry: Entry | None) -> tuple[int, int]:
    """Rows and batches that earlier runs did."""
    session, run = work.session, secrets.token_hex(8)
    added = "" if entry is None else f"{insertion(session, entry, work.history.head, run)};"
    sent = session.send(f"begin;set local nexiom.run = '{run}';{work.turn.takes(session, anew=anew)};{added}commit")
    if added:
        work.history = replace(work.history, head=str(sent[4].rows[0][0]))
    rows, batches = sent[3].rows[0]
    return int(rows or 0), int(batches or 0)


def _wait_for_replicas(work: _Work) -> None:
    """Rest while a replica is too far behind. Raises _Stopped where it does not catch up."""
    most, since, said = work.pace.max_lag / 1_000, time.monotonic(), False
    if not most or work.runner.disposable or since - work.looked < EVERY:
        return
    while (lag := _look(work)) is not None and lag.seconds > most:
        if time.monotonic() - since >= work.pace.max_wait / 1_000:
            raise _Stopped(too_far_behind(work.script, lag, work.pace))
        if not said:
            work.patience.said(f"{work.script.key} waits: {behind(lag)}, at most {most:g} s are allowed")
            said = True
        if not work.patience.held():
            raise lost_lock(work.runner.project, f"batch {work.progress.batches + 1} of {work.script.key}")
        work.patience.sleep(EVERY)


def _look(work: _Work) -> Lag | None:
    known = work.replicas.unseen
    lag = work.replicas.furthest(work.session)
    work.looked = time.monotonic()
    if work.replicas.unseen not in (None, known):
        work.patience.said(f"{work.script.key} does not wait for replicas: {work.replicas.unseen}")
    return lag


def _refuse_endless(work: _Work) -> None:
    """Raises _Stopped where the statement has changed more rows than there can be."""
    progress, most = work.progress, work.pace.max_rows
    if most is None and progress.endless and progress.shrinks:
        progress.size = max(progress.size, largest(work.session, progress.tables) or 0)
        progress.bound = TIMES * progress.size + work.pace.batch
    if progress.endless:
        raise _Stopped(endless(work.script, work.progress, work.pace, TIMES))


def _tell(work: _Work) -> None:
    now = time.monotonic()
    if now - work.told >= EVERY:
        work.told = now
        work.patience.progress(work.progress.text(now))


def _refused(work: _Work, error: ServerError, attempts: int) -> Result | None:
    """What comes of an error of the server's; None where the batch is to be tried again."""
    fresh = read_history(work.session, work.runner.project)
    work.history = fresh
    if _by_others(work):
        return passed(work.script, work.seconds, OTHERS)
    report = error.report
    if report.message == TAKEN_OVER:
        raise UnavailableError(Fault(f"{TAKEN_OVER}: {work.script.key}", hint="Run apply again when it has ended."))
    if overtaken(error) or work.patience.again(work.script.phase, report, attempts):
        return None
    if work.patience.taken(report):
        raise UnavailableError(Fault(report.message, hint="Try again when it has ended."))
    if work.message is None:
        raise error
    failure = explain(work.session, work.script, work.message, report, error.completed, work.graph)
    why = work.patience.why(work.script.phase, report, attempts)
    fault = replace(failure.fault, detail=" ".join(filter(None, (failure.fault.detail, why))))
    return _failed(work, fault, {"sqlstate": report.sqlstate, "message": report.message})


def _failed(work: _Work, fault: Fault, facts: dict[str, str]) -> Result:
    """The Result, with a `failed` entry behind which the statement may be another when it goes on."""
    unwritten = _write_failure(work, fault.place, facts)
    records = list(work.history.state.scripts.values())
    state = left_in_batches(work.script, work.progress.remains, records)
    return failed(work.script, fault, work.seconds, state, " ".join(filter(None, (fault.detail, unwritten))) or None)


def _write_failure(work: _Work, place: Place | None, facts: dict[str, str]) -> str | None:
    known = {**facts, **_facts(work), **({"place": str(place)} if place is not None else {})}
    try:
        head = append(work.session, _entry(work, Event.FAILED, known), work.history.head)
        work.history = replace(work.history, head=head)
    except (ServerError, UnavailableError) as error:
        return f"The failure could not be written into the ledger: {error}."
    return None


def _entry(work: _Work, event: Event, details: dict[str, str] | None = None) -> Entry:
    script = work.script
    reason = work.graph.destructive.get(script.phase) if event is Event.APPLIED else None
    why = why_destructive(script.statements, reason) if reason else {}
    return work.runner.entry(
        event,
        phase=script.phase,
        script=script.key,
        kind=script.kind,
        source=script.source_sha,
        semantic=script.semantic_sha,
        statements=1,
        details={**(details or {}), **why},
    )


def _facts(work: _Work) -> dict[str, str]:
    rows, batches = work.progress.total
    return {"rows": str(rows), "batches": str(batches)}


def _record(work: _Work) -> Record | None:
    return work.history.state.scripts.get(work.step.key, work.step.record)


def _by_others(work: _Work) -> bool:
    """Another runner has applied it since the plan was made."""
    record = _record(work)
    changed = record is not None and record.whole and record != work.step.record
    return changed and record is not None and record.semantic == work.script.semantic_sha


def _roll_back(session: Session) -> None:
    if not session.closed and session.in_transaction:
        session.send("rollback")


def _whole_batches(work: _Work) -> str:
    whole = "The batch under way is committed whole or not at all."
    return f"{work.script.key}: {work.progress.remains} {whole} Running apply again goes on with what is left."
