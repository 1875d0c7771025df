"""Bring the ledger of a database that was moved into the one it was moved to."""

import json
import secrets
from dataclasses import asdict, replace

from nexiom_runner.apply.ledger import History, insertion, make_ledger, overtaken, read_history
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, LedgerError, ServerError, UsageError
from nexiom_runner.ledger.entry import Event, read_where
from nexiom_runner.ledger.export import Export, check_export

STATE = "Nothing was imported."


def import_ledger(session: Session, runner: Runner, export: Export) -> History:
    """Add every entry of an export and one that says where they come from, all in one transaction.

    Raises UsageError where the export is of another project, empty, or the database has entries of it already, and
    LedgerError where its chain does not hold; nothing is changed then.
    """
    _refuse(runner, export)
    history = read_history(session, runner.project)
    if history.entries:
        raise _there_already(session, runner, history.entries)
    try:
        with session.transaction():
            make_ledger(session)
            _add(session, runner, export)
    except ServerError as error:
        if not overtaken(error):
            raise
        raise _there_already(session, runner, read_history(session, runner.project).entries) from None
    return read_history(session, runner.project)


def _refuse(runner: Runner, export: Export) -> None:
    if export.project != runner.project:
        message = f'the export is of project "{export.project}", this one is "{runner.project}"'
        raise UsageError(Fault(message, state=STATE))
    if fault := check_export(export):
        raise LedgerError(replace(fault, state=STATE))
    if not export.links:
        raise UsageError(Fault("the export has no entries", state=STATE))


def _there_already(session: Session, runner: Runner, entries: int) -> UsageError:
    message = f'database "{session.server.database}" has a ledger of project "{runner.project}" already: '
    return UsageError(Fault(f"{message}{entries} entr{'y' if entries == 1 else 'ies'}", state=STATE))


def _add(session: Session, runner: Runner, export: Export) -> None:
    links = [{"previous": link.previous, "hash": link.hash, "entry": link.entry} for link in export.links]
    text = json.dumps(links, ensure_ascii=False)
    session.rows(load(__file__, "import_entries.sql"), project=runner.project, links=text)
    written = asdict(read_where(export.links[-1].entry))
    details = {
        **{name: str(written[name]) for name in ("database", "oid", "system")},
        "instance": export.instance,
        "entries": str(len(links)),
        "head": export.links[-1].hash,
    }
    run = secrets.token_hex(8)
    entry = insertion(session, runner.entry(Event.IMPORTED, details=details), export.links[-1].hash, run)
    session.send(f"set local nexiom.run = '{run}';{entry}")
