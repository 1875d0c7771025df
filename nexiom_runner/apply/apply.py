"""Apply a plan: each script and its ledger entry in one transaction, until one fails."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nexiom_runner.apply.failure import explain
from nexiom_runner.apply.ledger import History, append, insertion, make_ledger, overtaken, read_history
from nexiom_runner.apply.message import Message, Reveal, make_message
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, Place, RunError, ServerError, ServerReport, UnavailableError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Entry, Event
from nexiom_runner.plan.model import Plan, Step
from nexiom_runner.plan.problems import faults
from nexiom_runner.results import Kind, Outcome, Result
from nexiom_runner.sql.script import Script

SAFE = "Running apply again is safe."
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
) -> Iterator[Result]:
    """Run what the plan says runs, in order; one Result a script, as it ends.

    Each script is one message: `begin`, settings, the script, its entry, `commit`. It is applied with its
    entry or not at all. The first failure is a Result, the scripts behind it are BLOCKED, and a
    `failed` entry is written. What another runner applied meanwhile is not run again. `reveal` puts
    secrets into the text that is sent; `before` is called with each script's key and gives the session to go on with;
    `patience` says how long a script waits for the locks of others and how often it is tried again.

    Raises RunError where the plan has problems (nothing was run), TargetError where no ledger can be made,
    UnavailableError where the connection is lost (whether the last script was committed is in the ledger), and
    lets KeyboardInterrupt through after rolling back, its text saying what is left behind.
    """
    if plan.problems:
        raise RunError(*faults(plan))
    if not plan.todo and not plan.renames:
        return
    if not history.made:
        make_ledger(session)
        history = read_history(session, runner.project)
    run = _Run(session, graph, runner, reveal, history, before, patience)
    for new, old in (plan.renames or {}).items():
        _rename(run, new, old)
    yield from _steps(run, plan.todo)


def _steps(run: _Run, steps: Sequence[Step]) -> Iterator[Result]:
    for index, step in enumerate(steps):
        if run.before is not None:
            run.session = run.before(step.key)
        result = _apply(run, step)
        yield result
        if result.outcome is not Outcome.PASS:
            yield from (_blocked(later, step) for later in steps[index + 1 :])
            return


def _apply(run: _Run, step: Step) -> Result:
    """Apply one script, again where another runner's entry came between or a lock was waited for in vain."""
    script, attempts = _script(step), 0
    while True:
        if _done_by_another(run, step):
            return _passed(script, 0.0, OTHERS)
        began = time.perf_counter()
        message = _message(run, step)
        try:
            sent = run.session.send(message.text)
        except ServerError as error:
            attempts += 1
            if _is_news(run, error) or run.patience.again(script.phase, error.report, attempts):
                continue
            if run.patience.taken(error.report):
                raise _busy(run, script, error) from None
            return _failed(run, step, message, error, attempts, time.perf_counter() - began)
        except UnavailableError as error:
            raise _lost(script, error) from None
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_interrupted(run, script)) from None
        finally:
            run.patience.ends()
        run.session.take_notices()
        rows = sent[message.entry_at].rows
        if not rows:
            return _ended_by_itself(script, time.perf_counter() - began)
        run.history = replace(run.history, head=str(rows[0][0]))
        return _passed(script, time.perf_counter() - began, step.reason)


def _message(run: _Run, step: Step) -> Message:
    mark = secrets.token_hex(8)
    event = Event.RERUN if step.record is not None and step.kind == "repeatable" else Event.APPLIED
    entry = _entry(run, event, _script(step))
    settings = run.session.written(run.patience.settings(step.phase))
    written = insertion(run.session, entry, run.history.head, mark)
    run.patience.begins(mark)
    return make_message(_script(step), settings, written, mark, run.reveal, claim=run.patience.claim)


def _entry(run: _Run, event: Event, script: Script, **fields: Any) -> Entry:
    return run.runner.entry(
        event,
        phase=script.phase,
        script=script.key,
        kind=script.kind,
        source=script.source_sha,
        semantic=script.semantic_sha,
        statements=len(script.statements),
        **fields,
    )


def _done_by_another(run: _Run, step: Step) -> bool:
    """The ledger as it was read last has this very script applied since the plan was made."""
    record = run.history.state.scripts.get(step.key)
    return record is not None and record != step.record and record.semantic == _script(step).semantic_sha


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
            run.history = replace(run.history, head=append(run.session, entry, run.history.head))
            return
        except ServerError as error:
            if not overtaken(error):
                raise
            run.history = read_history(run.session, run.runner.project)


def _failed(run: _Run, step: Step, message: Message, error: ServerError, attempts: int, seconds: float) -> Result:
    script, report = _script(step), error.report
    failure = explain(script, message, report, error.completed, run.graph)
    fault = failure.fault
    unwritten = _write_failure(run, script, report, fault.place, failure.statement)
    return _result(
        script,
        Outcome.FAIL,
        message=fault.message,
        place=fault.place,
        excerpt=fault.source,
        width=fault.width,
        detail=" ".join(filter(None, (fault.detail, run.patience.why(script.phase, report, attempts), unwritten))),
        state=_state(run, script),
        fix=fault.hint,
        seconds=seconds,
    )


def _write_failure(
    run: _Run, script: Script, report: ServerReport, place: Place | None, statement: int | None
) -> str | None:
    """The `failed` entry, in a transaction of its own; where it cannot be written, a sentence that says so."""
    details = {"sqlstate": report.sqlstate, "message": report.message}
    if place is not None:
        details["place"] = str(place)
    if statement is not None:
        details["statement"] = str(statement)
    try:
        entry = _entry(run, Event.FAILED, script, details=details)
        run.history = replace(run.history, head=append(run.session, entry, run.history.head))
    except (ServerError, UnavailableError) as error:
        return f"The failure could not be written into the ledger: {error}."
    return None


def _state(run: _Run, script: Script) -> str:
    """What is left behind after a rollback."""
    records = read_history(run.session, run.runner.project).state.scripts.values()
    others = len({record.phase for record in records} - {script.phase})
    own = sum(record.phase == script.phase for record in records)
    rolled_back = f'"{script.phase}" was rolled back.'
    if own:
        remain = "1 script remains" if own == 1 else f"{own} scripts remain"
        rolled_back = f'"{script.key}" was rolled back, {remain} applied of "{script.phase}".'
    return f"{rolled_back} {_phases(others)} {SAFE}"


def _phases(count: int) -> str:
    if count == 0:
        return "No other phase is applied."
    return f"{count} phase{'' if count == 1 else 's'} applied before it remain{'s' if count == 1 else ''} applied."


def _lost(script: Script, error: UnavailableError) -> UnavailableError:
    fault = error.faults[0]
    state = f'Whether "{script.key}" was committed is in the ledger, never half of it. {SAFE}'
    return UnavailableError(replace(fault, state=state))


def _busy(run: _Run, script: Script, error: ServerError) -> UnavailableError:
    """Another runner's transaction held the lock each time."""
    return UnavailableError(Fault(error.report.message, state=_state(run, script), hint="Try again when it has ended."))


def _interrupted(run: _Run, script: Script) -> str:
    """What is left behind; the session has rolled back."""
    if run.session.closed:
        return f'Whether "{script.key}" was committed is in the ledger, never half of it. {SAFE}'
    if read_history(run.session, run.runner.project).head != run.history.head:
        return f'"{script.key}" was committed before the interruption. {SAFE}'
    return _state(run, script)


def _ended_by_itself(script: Script, seconds: float) -> Result:
    return _result(
        script,
        Outcome.FAIL,
        message=f'phase "{script.phase}" failed: {script.key} ended the transaction it runs in',
        place=script.rendered.place(0),
        state="What it did before that is committed and not in the ledger: look at what it left before "
        f'"{script.phase}" is applied again.',
        fix="Take commit and rollback out of what it calls.",
        seconds=seconds,
    )


def _passed(script: Script, seconds: float, message: str) -> Result:
    return _result(script, Outcome.PASS, message=message, seconds=seconds)


def _blocked(step: Step, failed: Step) -> Result:
    message = f'waits for "{failed.key}", which failed'
    return _result(_script(step), Outcome.BLOCKED, message=message)


def _result(script: Script, outcome: Outcome, **fields: Any) -> Result:
    place = fields.pop("place", None) or Place(script.rendered.source.path, 1)
    return Result(
        outcome,
        Kind.SCRIPT,
        script.phase,
        script.key,
        place=place,
        statements=len(script.statements),
        **fields,
    )


def _script(step: Step) -> Script:
    assert step.script is not None
    return step.script
