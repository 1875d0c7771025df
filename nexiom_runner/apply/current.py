"""The run under way: what it works on, how far it is, and its entries in the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nexiom_runner.apply.ahead import Composed
from nexiom_runner.apply.ledger import History, append, insertion, overtaken, read_history
from nexiom_runner.apply.message import Reveal
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Entry, Event
from nexiom_runner.plan.model import Step
from nexiom_runner.sql.destructive import why_destructive
from nexiom_runner.sql.script import Script


@dataclass(slots=True)
class Run:
    """What a run works on and with; `history` is the ledger as it was read, or written by this run, last."""

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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a script is: segments applied, and whether the next one was started."""

    done: int = 0
    begun: bool = False


class Stopped(Exception):
    """A segment that the server did not refuse and that cannot go on; `failed`: nothing of it is left."""

    def __init__(self, fault: Fault, *, failed: bool) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.failed = failed


def progress_of(run: Run, step: Step) -> Progress | None:
    """From where the script goes on, by the ledger as it was read last; None where another runner has applied it."""
    script, record = script_of(step), run.history.state.scripts.get(step.key, step.record)
    if record is None:
        return Progress()
    if record.whole:
        return None if record != step.record and record.semantic == script.semantic_sha else Progress()
    return Progress(record.done, record.started is not None)


def append_entry(run: Run, entry: Entry) -> None:
    """Add an entry in a transaction of its own, which waits for the disk."""
    run.history = replace(run.history, head=append(run.session, entry, run.history.head))
    run.unflushed = False


def insertion_of(run: Run, entry: Entry) -> str:
    """The statement that adds the entry in the transaction under way."""
    return insertion(run.session, entry, run.history.head, run.mark)


def take_head(run: Run, rows: Sequence[tuple[str | None, ...]]) -> bool:
    """Take the hash of the entry that was written as the one the next follows; whether there is one."""
    if rows:
        run.history = replace(run.history, head=str(rows[0][0]))
    return bool(rows)


def entry_of(run: Run, event: Event, script: Script, at: int = 0, **fields: Any) -> Entry:
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


def is_news(run: Run, error: ServerError) -> bool:
    """Another runner added to the ledger: then its work may be why this failed, and is looked at first."""
    fresh = read_history(run.session, run.runner.project)
    moved = fresh.head != run.history.head
    run.history = fresh
    return moved or overtaken(error)


def flush(run: Run) -> None:
    """Wait until all is on disk that was committed (https://www.postgresql.org/docs/current/wal-async-commit.html):
    in between, a crash of the server takes the newest transactions away whole, each with its entry."""
    if run.unflushed and not run.session.closed and not run.session.in_transaction:
        run.session.rows(load(__file__, "flush.sql"))
        run.unflushed = False


def script_of(step: Step) -> Script:
    """The script of a step that runs one."""
    assert step.script is not None
    return step.script
