"""A call that commits, on a copy of the database that is thrown away; in one session, or in several at once.

Several: each begins its call while none before it has committed, so that what one has locked or written and not yet
committed is there for the next, every time alike. One that waits for another's lock goes on when that has committed.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from nexiom_runner.database.copies import Copies
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.project.model import CallExpectation
from nexiom_runner.test.exchange import (
    Changed,
    Did,
    Plan,
    Refused,
    Returned,
    is_enough,
    send,
    with_pages,
)
from nexiom_runner.test.message import Message
from nexiom_runner.test.outcome import error_differences, notice_differences
from nexiom_runner.test.prepare import Ready

COMMIT = "commit"
LOOK = 0.002  # seconds between two looks at whether a session waits for another


@dataclass(frozen=True, slots=True)
class Made:
    """How a committed call is made on a copy that is there for it alone."""

    call: CallExpectation
    ready: Ready
    become: str

    def on(self, copies: Copies) -> Returned | Refused:
        """Once, or with rows noted by triggers on another copy where counters do not say enough."""
        found = self._try(copies, None)
        if isinstance(found, Refused) or is_enough(self.call, found.did):
            return found
        tables = sorted({one.oid for did in found.did for one in did.changed})
        noted = self._try(copies, tables)
        return noted if isinstance(noted, Refused) else replace(found, did=with_pages(noted, found))

    def _try(self, copies: Copies, noted: Sequence[int] | None) -> Returned | Refused:
        plan = Plan(self.call, self.ready, self.become, noted, COMMIT)
        with _sessions(copies, self.call.sessions + 1) as (watcher, *sessions):
            if self.call.sessions == 1:
                return send(sessions[0], plan)
            if (refused := _given(watcher, plan)) is not None:
                return refused
            found = _at_once(replace(plan, ready=replace(self.ready, before=()), ending=""), sessions, watcher)
            return _together(self.call, found)


def commit_on_copy(copies: Copies, call: CallExpectation, ready: Ready, become: str) -> Returned | Refused:
    """What came of the call: of several sessions what each returned, and the sum of what they changed.

    Raises UnavailableError, and Uncounted where rows cannot be counted.
    """
    return Made(call, ready, become).on(copies)


@contextmanager
def _sessions(copies: Copies, count: int) -> Iterator[list[Session]]:
    """As many sessions on one new copy."""
    with ExitStack() as stack:
        copy = stack.enter_context(copies.copy())
        yield [stack.enter_context(copy.connect()) for _ in range(count if count > 2 else 2)]


def _given(session: Session, plan: Plan) -> Refused | None:
    """Commit what is there before the sessions begin."""
    message = Message()
    message.add("begin", "begin")
    for one in plan.ready.before:
        message.add("before", one.text)
    message.add("end", COMMIT)
    try:
        session.send(message.text)
    except ServerError as error:
        _, number = message.failed(error)
        before = plan.ready.before[min(number, len(plan.ready.before)) - 1]
        return Refused(error.report, before=before.fault(error.report, message.position(error, number)))
    return None


def _at_once(plan: Plan, sessions: Sequence[Session], watcher: Session) -> list[Returned | Refused]:
    """Begin each when the one before has returned or waits for a lock; then commit, in the order of returning."""
    with ThreadPoolExecutor(len(sessions), "nexiom session") as pool:
        try:
            running: list[Future[Returned | Refused]] = []
            for session in sessions:
                running.append(pool.submit(send, session, plan))
                _until(running[-1], lambda one=session: _waits(watcher, one))  # type: ignore[misc]
            return _committed(running, sessions)
        except BaseException:
            for session in sessions:
                session.interrupt()
            raise


def _until(running: "Future[Returned | Refused]", is_waiting: Callable[[], bool]) -> None:
    while not wait([running], timeout=LOOK).done and not is_waiting():
        continue


def _waits(watcher: Session, session: Session) -> bool:
    (row,) = watcher.rows(load(__file__, "waits.sql"), pid=session.pid)
    return bool(row.waits)


def _committed(
    running: Sequence["Future[Returned | Refused]"], sessions: Sequence[Session]
) -> list[Returned | Refused]:
    found: dict[int, Returned | Refused] = {}
    while len(found) < len(running):
        left = [one for number, one in enumerate(running) if number not in found]
        wait(left, return_when=FIRST_COMPLETED)
        for number, one in enumerate(running):
            if number not in found and one.done():
                found[number] = _end(one.result(), sessions[number])
    return [found[number] for number in range(len(running))]


def _end(found: Returned | Refused, session: Session) -> Returned | Refused:
    """Commit what returned; a commit may be refused, too."""
    if isinstance(found, Refused):
        return found
    try:
        session.send(COMMIT)
    except ServerError as error:
        return Refused(error.report)
    return found


def _together(call: CallExpectation, found: Sequence[Returned | Refused]) -> Returned | Refused:
    """One answer of all: the first that is not as expected where there is one."""
    refused = [replace(one, session=number) for number, one in enumerate(found, 1) if isinstance(one, Refused)]
    returned = [one for one in found if isinstance(one, Returned)]
    if call.raises is not None and returned:
        return returned[0]
    if refused:
        raises = call.raises
        wrong = (one for one in refused if raises is None or any(error_differences(raises, one.report)))
        return next(wrong, refused[0])
    notices = (one.notices for one in returned if any(notice_differences(call.notices, one.notices)))
    values = tuple(value for one in returned for value in one.values)
    return Returned(values, next(notices, returned[0].notices), _total([did for one in returned for did in one.did]))


def _total(every: Sequence[Did]) -> tuple[Did, ...]:
    """What all of them did; of the pages the most that one touched."""
    if not every:
        return ()
    tables: dict[int, Changed] = {}
    for one in (changed for did in every for changed in did.changed):
        was = tables.get(one.oid, Changed(one.oid, one.schema, one.name, 0, 0, 0))
        inserted, updated = was.inserted + one.inserted, was.updated + one.updated
        deleted, same = was.deleted + one.deleted, was.same + one.same
        tables[one.oid] = Changed(one.oid, one.schema, one.name, inserted, updated, deleted, same)
    changed = tuple(sorted(tables.values(), key=lambda one: (one.schema, one.name)))
    return (Did(changed, max(did.pages for did in every), all(did.exact for did in every)),)
