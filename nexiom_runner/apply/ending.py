"""How a script ends that did not come through: what is written down, and what is left behind."""

from dataclasses import replace

from nexiom_runner.apply.current import Run, Stopped, append_entry, entry_of
from nexiom_runner.apply.failure import explain
from nexiom_runner.apply.ledger import read_history
from nexiom_runner.apply.message import Message
from nexiom_runner.apply.outcome import SAFE, failed, rolled_back
from nexiom_runner.errors import Fault, Place, ServerError, UnavailableError
from nexiom_runner.ledger.entry import Event
from nexiom_runner.results import Result
from nexiom_runner.sql.script import Script


def failed_result(
    run: Run, script: Script, at: int, message: Message, error: ServerError, attempts: int, seconds: float
) -> Result:
    """FAIL of a segment that the server refused, with its `failed` entry."""
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


def stopped_result(run: Run, script: Script, at: int, stopped: Stopped, seconds: float) -> Result:
    """FAIL of a segment that could not go on; a `failed` entry where nothing of it is left."""
    fault = stopped.fault
    unwritten = None
    if stopped.failed:
        unwritten = _write_failure(run, script, at, fault.place, {"message": fault.message})
    return failed(
        script, fault, seconds, _state(run, script, at), " ".join(filter(None, (fault.detail, unwritten))) or None
    )


def lost(script: Script, error: UnavailableError) -> UnavailableError:
    """The same error, saying where it stands how far the script is."""
    fault = error.faults[0]
    return UnavailableError(replace(fault, state=_in_ledger(script)))


def busy(run: Run, script: Script, at: int, error: ServerError) -> UnavailableError:
    """Another runner's transaction held the lock each time."""
    state = _state(run, script, at)
    return UnavailableError(Fault(error.report.message, state=state, hint="Try again when it has ended."))


def interrupted(run: Run, script: Script, at: int) -> str:
    """What is left behind; the session has rolled back."""
    if run.session.closed:
        return _in_ledger(script)
    if read_history(run.session, run.runner.project).head != run.history.head:
        return f'"{script.key}" was committed before the interruption. {SAFE}'
    return _state(run, script, at)


def _write_failure(run: Run, script: Script, at: int, place: Place | None, facts: dict[str, str]) -> str | None:
    """The `failed` entry, in a transaction of its own; where it cannot be written, a sentence that says so."""
    known = {**facts, "place": str(place)} if place is not None else facts
    try:
        entry = entry_of(run, Event.FAILED, script, at, details=known)
        append_entry(run, entry)
    except (ServerError, UnavailableError) as error:
        return f"The failure could not be written into the ledger: {error}."
    return None


def _state(run: Run, script: Script, at: int) -> str:
    """What is left behind after a rollback."""
    return rolled_back(script, at, list(read_history(run.session, run.runner.project).state.scripts.values()))


def _in_ledger(script: Script) -> str:
    if script.atomic:
        return f'Whether "{script.key}" was committed is in the ledger, never half of it. {SAFE}'
    return f'How far "{script.key}" is applied is in the ledger. {SAFE}'
