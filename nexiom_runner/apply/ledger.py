"""The ledger in the database: made by the first apply, read in one query, added to, never changed."""

import secrets
from dataclasses import dataclass
from typing import Any

from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, LedgerError, ServerError, TargetError
from nexiom_runner.ledger.chain import FIRST, Link
from nexiom_runner.ledger.entry import FORMAT, Entry, Where, canonical, read_facts, read_where
from nexiom_runner.ledger.fold import EMPTY, State, fold

NO_TABLE, NO_SCHEMA, NO_RIGHT, NOT_UNIQUE = "42P01", "3F000", "42501", "23505"
READ_OUT = ("project", "event", "phase", "script", "at")  # columns that say what the entry says


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger says: the state and the hash the next entry follows. `made` is False before the first apply.

    `where` is the database the newest entry was written in; `format` is the tables'; `others` are the projects that
    have entries where this one has none.
    """

    state: State
    head: str = FIRST
    made: bool = True
    entries: int = 0
    where: Where | None = None
    format: int = FORMAT
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """The ledger of a project as its rows are: `instance` is this database's."""

    instance: str
    links: tuple[Link, ...]


def read_history(session: Session, project: str, *, newest: int = FORMAT) -> History:
    """The project's history, in one round trip; an empty one where no ledger is.

    Raises TargetError when the role may not read it, LedgerError when a newer nexiom wrote it (a format beyond
    `newest`) or nexiom.instance is empty.
    """
    rows = _read(session, "history.sql", project, newest)
    if rows is None:
        return History(EMPTY, made=False)
    written = [row for row in rows if row.entry is not None]
    state = fold(read_facts(row.entry) for row in written)
    if not written:
        return History(state, format=rows[-1].format, others=tuple(rows[-1].others or ()))
    last = written[-1]
    return History(state, last.hash, entries=len(written), where=read_where(last.entry), format=last.format)


def read_ledger(session: Session, project: str) -> Stored | None:
    """Every row of the project's ledger as it is stored, in one round trip; None where there is none."""
    rows = _read(session, "links.sql", project, FORMAT)
    return None if rows is None else Stored(rows[-1].own, tuple(_link(row) for row in rows if row.number is not None))


def read_links(session: Session, project: str) -> list[Link]:
    """Every entry as it is chained, oldest first; none where no ledger is."""
    stored = read_ledger(session, project)
    return [] if stored is None else list(stored.links)


def _read(session: Session, file: str, project: str, newest: int) -> list[Any] | None:
    """The rows of a query that always has one, with the format of the tables; None where there are no tables."""
    try:
        rows = session.rows(load(__file__, file), project=project)
    except ServerError as error:
        if error.report.sqlstate in (NO_TABLE, NO_SCHEMA):
            return None
        raise no_right(session, error) from None
    found = rows[-1].format
    if found is None:
        hint = "Its row was taken away by hand; put it back from a backup."
        raise LedgerError(Fault("the ledger has lost its identity: nexiom.instance has no row", hint=hint))
    if found > newest:
        raise LedgerError(
            Fault(
                f"the ledger is of format {found}, this nexiom knows up to format {newest}",
                hint="Use the nexiom that wrote it, or a newer one.",
            )
        )
    return rows


def _link(row: Any) -> Link:
    columns = {name: getattr(row, name) for name in READ_OUT}
    return Link(row.number, row.previous, row.hash, row.entry, row.instance, columns)


def make_ledger(session: Session) -> None:
    """Make schema nexiom where it is not; in one transaction, and safe beside another runner that does the same.

    Raises TargetError naming the grant that the role lacks.
    """
    try:
        session.rows(load(__file__, "create_ledger.sql"))
    except ServerError as error:
        raise no_right(session, error) from None


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


def no_right(session: Session, error: ServerError) -> ServerError | TargetError:
    """What the server refused, as the grant that the role lacks where that is why."""
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
