"""The lock's connection while the work goes on: is it still there, and who keeps the running script waiting?"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import NexiomError


class Watch:
    """Looks, in a thread of its own, at whom a message waits for that has been under way for an interval.

    A message is known by the mark in its text, so that a pooler may give it any connection. What was seen
    last stays readable until the next message begins. Nothing is asked while messages are short.
    """

    def __init__(self, session: Session, interval: float) -> None:
        self._session = session
        self._interval = interval
        self._busy = Lock()  # the session is asked by one thread at a time
        self._ended = Event()
        self._mark: str | None = None
        self._lost = False
        self.blockers: tuple[str, ...] = ()

    def begins(self, mark: str) -> None:
        """A message with this mark is sent now."""
        self.blockers = ()
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
        seen = None
        while not self._ended.wait(self._interval):
            mark = self._mark
            if mark is not None and mark == seen:
                self._look(mark)
            seen = mark

    def end(self) -> None:
        """Let the thread come to its end."""
        self._ended.set()

    def _look(self, mark: str) -> None:
        with self._busy:
            if self._lost or not self._session.alive():
                return
            try:
                # as plain text, which keeps no snapshot: see `lock`
                asked = self._session.written(load(__file__, "blockers.sql").compose(mark=Literal(mark)))
                found = self._session.send(asked)[0].rows
            except NexiomError:
                self._lost = True  # an error ends the transaction that holds the lock
                return
        if found and mark == self._mark:
            self.blockers = tuple(str(blocker) for (blocker,) in found)


@contextmanager
def watching(session: Session, interval: float) -> Iterator[Watch]:
    """A watch on the session that holds the lock; the session is free again at the end."""
    watch = Watch(session, interval)
    thread = Thread(target=watch.look_on, name="nexiom-watch", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()
