"""A statement outside of any transaction, with an entry before it and one behind it."""

from nexiom_runner.apply.current import Progress, Run, Stopped, append_entry, entry_of
from nexiom_runner.apply.lone import carry_out, look, make_statement, still_invalid
from nexiom_runner.apply.message import Message
from nexiom_runner.apply.outcome import invalid, seen, unknown, unpinned
from nexiom_runner.apply.pooled import read_otherwise
from nexiom_runner.apply.probe import Found
from nexiom_runner.apply.vacuous import Vacuous, details, find_vacuous, told
from nexiom_runner.errors import Fault
from nexiom_runner.ledger.entry import Event
from nexiom_runner.sql.script import Script


def carry_out_alone(run: Run, script: Script, progress: Progress, message: Message) -> tuple[Fault, ...]:
    """A statement outside of any transaction: `started` before it, `applied` after it."""
    at = progress.done
    segment = script.segments[at]
    session = run.session if run.direct is None else run.direct()
    own = run.direct is not None or not session.shared
    statement = make_statement(session, script, segment, message, run.patience, own=own)
    if not own and (names := read_otherwise(session, statement)):
        raise Stopped(unpinned(script, segment, names), failed=False)
    found = look(session, statement, begun=progress.begun)
    if found.found is Found.UNKNOWN:
        raise Stopped(unknown(script, segment, found, run.runner.target_named), failed=False)
    vacuous: list[Vacuous] = []
    if found.found is Found.NOT_DONE:
        if not progress.begun:
            append_entry(run, entry_of(run, Event.STARTED, script, at))
        run.patience.begins_alone(run.mark, script.phase, f'"{script.statements[segment.first].label}"')
        notices = carry_out(session, statement, found)
        vacuous = find_vacuous(script, segment, notices, 0)
        if name := still_invalid(session, statement):
            raise Stopped(invalid(script, segment, name), failed=True)
    entry = entry_of(run, Event.APPLIED, script, at, details=details(script, vacuous) | seen(found))
    append_entry(run, entry)
    return tuple(told(script, one) for one in vacuous)
