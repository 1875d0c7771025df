"""A statement that no transaction can hold: looked at before, run alone, looked at after."""

import time
from dataclasses import dataclass, replace

from nexiom_runner.apply.message import Message
from nexiom_runner.apply.probe import Found, Probe, left_invalid, probe
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerReport, UnavailableError
from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Lone, Segment
from nexiom_runner.sql.words import folded

POLL = 0.2  # seconds between two looks at what a run that died left the server doing
PATIENCE = 30.0  # seconds; a long index build is not waited for, since nobody can say how long it takes
LOOKS_FIRST = frozenset({Lone.CREATE_INDEX, Lone.REINDEX, Lone.DETACH})  # may have left something when they failed


@dataclass(frozen=True, slots=True)
class Statement:
    """One such statement, what it is sent behind, and the settings of a transaction that looks at what it did.

    `own` says that the connection is ours alone: there a setting may be made for the session, and taken back.
    """

    kind: Lone
    text: str
    settings: str
    head: str = ""  # a comment, by which the lock's connection knows it
    own: bool = True
    lock_timeout: int = 0  # milliseconds; 0: ever


def make_statement(
    session: Session, script: Script, segment: Segment, message: Message, patience: Patience, *, own: bool
) -> Statement:
    """The statement of a script's segment that stands alone.

    One that waits for older transactions may do so for longer than for a lock, and `lock_timeout` would end both
    (LockAcquire waits for them, https://www.postgresql.org/docs/current/explicit-locking.html): for that the watch
    cancels it, and the server only where both are over.
    """
    assert segment.lone is not None
    settings = session.written(patience.settings(script.phase))
    head, text = message.opening[: message.pieces[0][0]], message.opening[message.pieces[0][0] :]
    words = folded(piece for _, piece in significant(lexemes(text)))
    limit = patience.longest(script.phase) if "concurrently" in words else patience.limits(script.phase).lock_timeout
    return Statement(segment.lone, text, settings, head, own, limit or 0)


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
    """Clear the way, run the statement or what ends it; the notices it gave. Nothing stays set in the session, and
    behind a pooler nothing is ever set: each message may have another connection.

    Raises ServerError where the server refuses it.
    """
    if not statement.own:
        return _run(session, statement, found)
    timeout = Literal(str(statement.lock_timeout))
    session.send(session.written(load(__file__, "pin.sql").compose(lock_timeout=timeout)))
    try:
        return _run(session, statement, found)
    finally:
        if not session.closed:
            session.send("reset all")


def _run(session: Session, statement: Statement, found: Probe) -> tuple[ServerReport, ...]:
    for query in found.first:
        session.send(statement.head + session.written(query))
    session.take_notices()
    text = session.written(found.instead) if found.instead is not None else statement.text
    session.send(statement.head + text)
    return session.take_notices()


def still_invalid(session: Session, statement: Statement) -> str | None:
    """The index that the statement made or met and that is not valid: it is not what the script asked for."""
    return left_invalid(session, statement.text) if statement.kind is Lone.CREATE_INDEX else None
