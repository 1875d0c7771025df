"""One runner at a time: an advisory lock on its own connection. It saves work; the ledger is the guarantee."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, UnavailableError

POLL = 0.1  # seconds between two attempts; nobody waits inside the server, where it would hold up an index build
# A role or a database may have set any of these; read committed keeps no snapshot that an index build would wait for.
BEGIN = (
    "begin isolation level read committed; set local idle_in_transaction_session_timeout = 0; "
    "set local statement_timeout = 0; set local lock_timeout = 0"
)
SINCE_17 = "; set local transaction_timeout = 0"


@contextmanager
def hold_lock(
    session: Session, project: str, *, wait: float, said: Callable[[str], None], poll: float = POLL
) -> Iterator[None]:
    """Hold the project's lock in a transaction of this session, which changes nothing meanwhile.

    `wait` is in seconds; `said` hears who holds it. Raises UnavailableError when it could not be had.
    """
    deadline, told = time.monotonic() + wait, ""
    while not _try(session, project):
        holder = _holder(session, project)
        if time.monotonic() >= deadline:
            raise UnavailableError(
                Fault(
                    f'another runner is at work on project "{project}": {holder}',
                    hint="Try again when it has ended, or wait longer with --wait 5m.",
                )
            )
        if holder != told:
            said(f"waiting for another runner: {holder}")
            told = holder
        time.sleep(poll)
    try:
        yield
    finally:
        if not session.closed and session.in_transaction:
            with suppress(UnavailableError):  # gone with its connection: it need not be let go
                release(session)


def release(session: Session) -> None:
    """Let the lock go before its time."""
    session.send("rollback")


def renew(session: Session, project: str) -> bool:
    """End the transaction that holds the lock and hold it in a new one, in one message; whether it could be had."""
    return _locks(session, project, "commit;")


def lost_lock(project: str, before: str) -> UnavailableError:
    """What a runner says that finds its lock's connection gone, before a script or a statement of one."""
    return UnavailableError(
        Fault(
            f'the connection that held the lock of project "{project}" was lost: stopped before {before}',
            detail="Another runner may be at work now; the ledger lets nothing be applied twice.",
            state="What was applied before it remains applied. Running apply again is safe.",
        )
    )


def _try(session: Session, project: str) -> bool:
    """Take the lock and keep the transaction open, or leave none.

    As plain text: what is bound to parameters stays open behind its last row, with a snapshot that an index build
    in this database would wait for as long as the lock is held.
    """
    locked = _locks(session, project)
    if not locked:
        session.send("rollback")
    return locked


def _locks(session: Session, project: str, before: str = "") -> bool:
    begin = BEGIN + (SINCE_17 if session.server.version_num >= 170000 else "")
    tried = session.written(load(__file__, "try_lock.sql").compose(project=Literal(project)))
    return session.send(f"{before}{begin};{tried}")[-1].rows[0][0] == "t"


def _holder(session: Session, project: str) -> str:
    rows = session.rows(load(__file__, "lock_holder.sql"), project=project)
    return str(rows[0].holder) if rows else "it has just ended"
