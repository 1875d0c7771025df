"""The lock's connection while the work goes on: is it still there, and who keeps the running script waiting?

A statement outside of any transaction, for which no `lock_timeout` can be set, is cancelled from there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread

from nexiom_runner.database.queries import Literal, Query, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import NexiomError, ServerError

SOONEST = 0.02  # seconds between two looks, however soon a statement is to be given up


@dataclass(frozen=True, slots=True)
class Alone:
    """A statement outside of any transaction: what it is called, and how many seconds it may wait (0: for ever),
    for a lock, which others queue behind, and for older transactions, which holds up nobody."""

    called: str
    lock: float
    transactions: float
    at_most: str = ""  # the second of them in words


@dataclass(frozen=True, slots=True)
class Wait:
    """What a message was seen waiting for: whether transactions have to end, for how many seconds, and whose."""

    transactions: bool
    seconds: float
    blockers: tuple[str, ...]
    for_this: bool = False  # the transaction that looks on is among them


def _unheard(_: str) -> None:
    """Nobody listens."""


def _kept() -> bool:
    """Nothing is held that could be held anew."""
    return True


class Watch:
    """Looks, in a thread of its own, at whom a message waits for that has been under way for an interval.

    A message is known by the mark in its text, so that a pooler may give it any connection. What was seen
    last stays readable until the next message begins. Nothing is asked while messages are short.

    A question has a snapshot while it is asked, and an index build that meets it waits for the whole transaction,
    which holds the lock: then `renew` holds it in a new one, and says whether it could.
    """

    def __init__(
        self,
        session: Session,
        interval: float,
        said: Callable[[str], None] = _unheard,
        renew: Callable[[], bool] = _kept,
    ) -> None:
        self._session = session
        self._interval = interval
        self._said = said
        self._renew = renew
        self._busy = Lock()  # the session is asked by one thread at a time
        self._ended = Event()
        self._mark: str | None = None
        self._alone: Alone | None = None
        self._told: tuple[str, ...] = ()
        self._lost = False
        self.blockers: tuple[str, ...] = ()
        self.given_up: Wait | None = None  # why the message was cancelled from here

    def begins(self, mark: str, alone: Alone | None = None) -> None:
        """A message with this mark is sent now; `alone` where it is a statement outside of any transaction."""
        self.blockers = self._told = ()
        self.given_up = None
        self._alone = alone
        self._mark = mark

    def ends(self) -> None:
        """The message was answered."""
        self._mark = None

    def held(self) -> bool:
        """Whether the lock's connection, and so the lock, is still there; no round trip."""
        if self._busy.acquire(blocking=False):  # else it is being asked at this moment
            try:
                self._lost = self._lost or not self._session.alive()
            finally:
                self._busy.release()
        return not self._lost

    def look_on(self) -> None:
        """What the thread does until it is ended."""
        seen, pause = None, self._interval
        while not self._ended.wait(pause):
            mark, pause = self._mark, self._interval
            if mark is not None and mark == seen:
                pause = self._look(mark)
            seen = mark

    def end(self) -> None:
        """Let the thread come to its end."""
        self._ended.set()

    def _look(self, mark: str) -> float:
        """Look once, and cancel what waited too long; seconds until the next look."""
        with self._busy:
            wait = self._ask(mark)
            if wait is None or mark != self._mark:
                return self._interval
            if wait.for_this:
                self._hold_anew()
                return SOONEST
            self.blockers = wait.blockers
            alone = self._alone
            if alone is None:
                return self._interval
            allowed = alone.transactions if wait.transactions else alone.lock
            if allowed and wait.seconds >= allowed:
                self._cancel(mark, wait)
                return self._interval
        if wait.transactions:
            self._tell(alone, wait)
        return min(self._interval, max(SOONEST, allowed - wait.seconds)) if allowed else self._interval

    def _ask(self, mark: str) -> Wait | None:
        """What the message waits for now. As plain text, which keeps no snapshot: see `lock`."""
        if self._lost or not self._session.alive():
            return None
        try:
            found = self._session.send(self._written("blockers.sql", mark))[-1].rows
        except NexiomError:
            self._lost = True  # an error ends the transaction that holds the lock
            return None
        if not found:
            return None
        seconds, blockers = float(found[0][2] or 0), tuple(str(row[0]) for row in found)
        return Wait(found[0][1] == "t", seconds, blockers, found[0][3] == "t")

    def _hold_anew(self) -> None:
        """Let the build go on that waits for the transaction of this connection."""
        try:
            self._lost = not self._renew()
        except NexiomError:
            self._lost = True

    def _cancel(self, mark: str, wait: Wait) -> None:
        """Only while it still waits. Said before it is done, since the answer may reach the other thread first."""
        self.given_up = wait
        try:
            with self._session.savepoint():  # one that may not be cancelled leaves the lock as it is
                if not self._session.send(self._written("cancel.sql", mark))[-1].rows:
                    self.given_up = None
        except ServerError:
            self.given_up = None
        except NexiomError:
            self._lost = True

    def _tell(self, alone: Alone, wait: Wait) -> None:
        """Say once of whom older transactions are that a statement waits for."""
        if wait.blockers != self._told:
            self._told = wait.blockers
            limit = f", for at most {alone.at_most}" if alone.transactions else ""
            of = " and of ".join(wait.blockers)
            self._said(f"{alone.called} waits for older transactions to end{limit}; nobody waits behind it: of {of}")

    def _written(self, name: str, mark: str) -> str:
        queries: tuple[Query, ...] = (
            load(__file__, "fresh_activity.sql"),
            load(__file__, name).compose(mark=Literal(mark)),
        )
        return ";\n".join(map(self._session.written, queries))


@contextmanager
def watching(
    session: Session, interval: float, said: Callable[[str], None] = _unheard, renew: Callable[[], bool] = _kept
) -> Iterator[Watch]:
    """A watch on the session that holds the lock; the session is free again at the end."""
    watch = Watch(session, interval, said, renew)
    thread = Thread(target=watch.look_on, name="nexiom-watch", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()
