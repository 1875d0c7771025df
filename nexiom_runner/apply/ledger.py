"""The ledger in the database: made by the first apply, read in one query, added to, never changed."""

import secrets
from dataclasses import dataclass

from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, LedgerError, ServerError, TargetError
from nexiom_runner.ledger.chain import FIRST, Link
from nexiom_runner.ledger.entry import FORMAT, Entry, canonical, read_facts
from nexiom_runner.ledger.fold import EMPTY, State, fold

NO_TABLE, NO_SCHEMA, NO_RIGHT, NOT_UNIQUE = "42P01", "3F000", "42501", "23505"


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger says: the state and the hash the next entry follows. `made` is False before the first apply."""

    state: State
    head: str = FIRST
    made: bool = True
    entries: int = 0


def read_history(session: Session, project: str) -> History:
    """The project's history, in one round trip; an empty one where no ledger is.

    Raises TargetError when the role may not read it, LedgerError when a newer nexiom wrote it.
    """
    try:
        rows = session.rows(load(__file__, "history.sql"), project=project)
    except ServerError as error:
        if error.report.sqlstate in (NO_TABLE, NO_SCHEMA):
            return History(EMPTY, made=False)
        raise _no_right(session, error) from None
    if rows and rows[-1].format > FORMAT:
        raise LedgerError(
            Fault(
                f"the ledger is of format {rows[-1].format}, this nexiom knows up to format {FORMAT}",
                hint="Use the nexiom that wrote it, or a newer one.",
            )
        )
    state = fold(read_facts(row.entry) for row in rows)
    return History(state, rows[-1].hash if rows else FIRST, entries=len(rows))


def read_links(session: Session, project: str) -> list[Link]:
    """Every entry as it is chained, oldest first."""
    return [Link(*row) for row in session.rows(load(__file__, "links.sql"), project=project)]


def make_ledger(session: Session) -> None:
    """Make schema nexiom where it is not; in one transaction, and safe beside another runner that does the same.

    Raises TargetError naming the grant that the role lacks.
    """
    try:
        session.rows(load(__file__, "create_ledger.sql"))
    except ServerError as error:
        raise _no_right(session, error) from None


def insertion(session: Session, entry: Entry, previous: str, run: str) -> str:
    """The statement that adds the entry behind `previous`, as text for the end of the transaction marked `run`."""
    parts = {"project": entry.project, "previous": previous, "entry": canonical(entry), "run": run}
    return session.written(load(__file__, "insert_entry.sql").compose(**{k: Literal(v) for k, v in parts.items()}))


def append(session: Session, entry: Entry, previous: str) -> str:
    """Add the entry in a transaction of its own; its hash. Raises ServerError, `overtaken` when another came first."""
    run = secrets.token_hex(8)
    sent = session.send(f"begin;set local nexiom.run = '{run}';{insertion(session, entry, previous, run)};commit")
    return str(sent[2].rows[0][0])


def overtaken(error: ServerError) -> bool:
    """Another runner added an entry behind the same one."""
    return error.report.sqlstate == NOT_UNIQUE and "ledger_follows" in error.report.message


def _no_right(session: Session, error: ServerError) -> ServerError | TargetError:
    if error.report.sqlstate != NO_RIGHT:
        return error
    server = session.server
    grant = f'grant create on database "{server.database}" to "{server.role}"'
    if "database" not in error.report.message:
        grant = f'grant usage on schema nexiom to "{server.role}"; grant select, insert on all tables in schema nexiom '
        grant += f'to "{server.role}"'
    return TargetError(
        Fault(
            f'role "{server.role}" may not keep a ledger in database "{server.database}": {error.report.message}',
            detail=f"PostgreSQL reported SQLSTATE {error.report.sqlstate}.",
            hint=f"Let an owner run: {grant};",
        )
    )
