"""A statement that no transaction can hold: looked at before, run alone, looked at after."""

import time
from dataclasses import dataclass, replace

from nexiom_runner.apply.probe import Found, Probe, left_invalid, probe
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerReport, UnavailableError
from nexiom_runner.sql.segments import Lone

POLL = 0.2  # seconds between two looks at what a run that died left the server doing
PATIENCE = 30.0  # seconds; a long index build is not waited for, since nobody can say how long it takes
LOOKS_FIRST = frozenset({Lone.CREATE_INDEX, Lone.REINDEX, Lone.DETACH})  # may have left something when they failed


@dataclass(frozen=True, slots=True)
class Statement:
    """One such statement as it is sent, and the settings of a transaction that looks at what it did."""

    kind: Lone
    text: str
    settings: str


def look(session: Session, statement: Statement, *, begun: bool, patience: float = PATIENCE) -> Probe:
    """What is to be done: nothing (DONE), run it (NOT_DONE), or ask a person (UNKNOWN).

    A statement that was not begun is never taken as done: the server says what is in its way. Raises
    UnavailableError where the server is still at it after `patience` seconds.
    """
    if not begun and statement.kind not in LOOKS_FIRST:
        return Probe(Found.NOT_DONE)
    deadline = time.monotonic() + patience
    while True:
        found = probe(session, statement.kind, statement.text, statement.settings)
        if found.found is not Found.RUNNING:
            break
        if time.monotonic() >= deadline:
            hint = "Run apply again when it has ended, or end it with pg_cancel_backend."
            raise UnavailableError(
                Fault(f'"{statement.kind}" of a run that died is still under way: {found.why}', hint=hint)
            )
        time.sleep(POLL)
    if not begun and found.found is not Found.NOT_DONE:
        return replace(found, found=Found.NOT_DONE)
    return found


def carry_out(session: Session, statement: Statement, found: Probe) -> tuple[ServerReport, ...]:
    """Clear the way, run the statement or what ends it; the notices it gave. Nothing stays set in the session.

    Raises ServerError where the server refuses it.
    """
    session.send(load(__file__, "pin.sql").text)
    try:
        for query in found.first:
            session.send(session.written(query))
        session.take_notices()
        session.send(session.written(found.instead) if found.instead is not None else statement.text)
        return session.take_notices()
    finally:
        if not session.closed:
            session.send("reset all")


def still_invalid(session: Session, statement: Statement) -> str | None:
    """The index that the statement made or met and that is not valid: it is not what the script asked for."""
    return left_invalid(session, statement.text) if statement.kind is Lone.CREATE_INDEX else None
