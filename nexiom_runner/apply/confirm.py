"""After an apply: the ledger is read back, and must end with what the run wrote."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.errors import Fault, RunError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.chain import FIRST
from nexiom_runner.ledger.entry import Event
from nexiom_runner.results import Outcome, Result


def read_back(opened: OpenTarget, graph: Graph, project: str, head: str, results: Iterator[Result]) -> Iterator[Result]:
    """The results of a run that began behind `head`, as they come; at their end the ledger is compared with them."""
    applied = set()
    for result in results:
        if result.outcome is Outcome.PASS:
            applied.add(result.subject)
        yield result
    semantic = {script.key: script.semantic_sha for script in graph.scripts if script.key in applied}
    confirm(opened.session, project, head, semantic)


def confirm(session: Session, project: str, head: str, applied: Mapping[str, str]) -> None:
    """Compare the ledger with a run that began behind `head` and applied scripts (key → semantic fingerprint).

    One round trip. Raises RunError where that entry is gone, the chain behind it is forked or broken, or a script
    that was committed has no entry: something else than nexiom writes here, or two servers both took writes.
    """
    rows = session.rows(load(__file__, "tail.sql"), project=project, head=head)
    if wrong := next(_wrong(rows, head, applied), None):
        raise RunError(
            Fault(
                f'the ledger of project "{project}" is not what this run wrote: {wrong}',
                state="What was applied is in the database; what the ledger says of it cannot be relied on.",
                hint="`nexiom verify` names the first entry that does not hold. Were two servers taking writes, or was "
                "a backup restored meanwhile?",
            )
        )


def _wrong(rows: Sequence[Any], head: str, applied: Mapping[str, str]) -> Iterator[str]:
    if head != FIRST and (not rows or rows[0].hash != head):
        yield f"the entry {head[:12]}… that it began behind is gone"
        return
    previous = head
    for row in rows[1:] if head != FIRST else rows:
        if row.previous != previous:
            yield f"entry {row.number} does not follow the one before it"
        previous = row.hash
    written = {(row.script, row.semantic) for row in rows if row.event not in (Event.FAILED, Event.STARTED)}
    for key, semantic in applied.items():
        if (key, semantic) not in written:
            yield f"{key} was committed and has no entry"
