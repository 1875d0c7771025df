"""One batch of a backfill: its transaction, the count in nexiom.backfills, and how many rows it changed."""

import secrets
from dataclasses import dataclass, replace

from nexiom_runner.apply.message import Message, Reveal, make_message
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import ServerError
from nexiom_runner.sql.script import Script

SEES_ALL = "set local row_security = off"  # rows that a policy hides would not be missed: the server refuses instead
SHARED = "shared"
TAKEN_OVER = "another runner works at this backfill now"


@dataclass(frozen=True, slots=True)
class Turn:
    """A run's turn at a backfill: only the run that took it last may commit a batch.

    `run` is SHARED where each transaction takes the project's lock, so that runners may take turns batch by batch.
    """

    project: str
    script: str
    run: str

    def takes(self, session: Session, *, anew: bool) -> str:
        """The statements that take it, the second of which returns rows and batches that are done."""
        create = load(__file__, "create_backfills.sql").text
        return f"{create};{self._written(session, 'begin_backfill.sql', anew=int(anew))}"

    def counts(self, session: Session, rows: int) -> str:
        """The statement that counts a batch in its transaction, or fails where another run took the turn."""
        return self._written(session, "note_batch.sql", rows=rows, taken=TAKEN_OVER)

    def done(self, session: Session) -> tuple[int, int]:
        """Rows and batches of all runs as they are counted, asked within a batch's transaction."""
        rows, batches = session.send(self._written(session, "batches_done.sql"))[0].rows[0]
        return int(rows or 0), int(batches or 0)

    def ends(self, session: Session) -> str:
        """The statement behind which nothing is under way, or which fails where another run took the turn."""
        return self._written(session, "end_backfill.sql", taken=TAKEN_OVER)

    def _written(self, session: Session, file: str, **values: str | int) -> str:
        texts = {"project": self.project, "script": self.script, "run": self.run, **values}
        return session.written(load(__file__, file).compose(**{name: Literal(text) for name, text in texts.items()}))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch whose transaction is open: what was sent, what it changed, what ends it."""

    session: Session
    message: Message
    mark: str
    changed: ResultSet

    def commit(self, *statements: str) -> tuple[str | None, ...] | None:
        """Commit it with statements; the row that the last of them returned. Raises ServerError: nothing is left."""
        message = self.message
        try:
            sent = self.session.send(message.closing(";".join(statements)))
        except ServerError as error:
            error.completed += message.before + message.statements
            raise
        return next(iter(sent[message.entry_at].rows), None)


def make_batch(script: Script, session: Session, patience: Patience, reveal: Reveal) -> tuple[Message, str]:
    """The message that runs the statement in a transaction and leaves it open, and the mark it is known by."""
    mark = secrets.token_hex(8)
    settings = session.written(patience.settings(script.phase))
    first = f"{SEES_ALL};{patience.claim}" if patience.claim else SEES_ALL
    message = make_message(script, script.segments[0], settings, mark, reveal, claim=first)
    return (replace(message, before=message.before + 1) if patience.claim else message), mark


def run_batch(message: Message, mark: str, session: Session, patience: Patience) -> Batch:
    """Run the statement. Raises ServerError: nothing of the batch is left."""
    patience.begins(mark)
    sent = session.send(message.opening)
    session.take_notices()
    return Batch(session, message, mark, sent[message.before])


def changed_rows(result: ResultSet) -> int | str:
    """How many rows a statement changed, by its tag or, of a select, the number it returned; or what it did return."""
    verb, _, rest = result.tag.partition(" ")
    if verb != "SELECT":
        return int(rest.rpartition(" ")[2])
    if len(result.rows) != 1 or len(result.columns) != 1:
        shape = f"{len(result.rows)} row{'' if len(result.rows) == 1 else 's'} of {len(result.columns)}"
        return f"{shape} column{'' if len(result.columns) == 1 else 's'}"
    value = result.rows[0][0]
    if value is None or not value.isascii() or not value.isdigit():
        return "null" if value is None else f'"{value}"'
    return int(value)
