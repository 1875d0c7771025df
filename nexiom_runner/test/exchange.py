"""A call sent in one message that rolls itself back: what is there before, who calls, the call, what it did."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import Fault, ServerError, ServerReport
from nexiom_runner.project.model import CallExpectation
from nexiom_runner.test.message import Message
from nexiom_runner.test.prepare import Ready

CALL, AGAIN, RECORD = "call", "the second call", "record"
CHECKS = "set constraints all immediate"


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows of one table that a call inserted, updated and deleted; `same` of the updates left the row as it was."""

    oid: int
    schema: str
    name: str
    inserted: int
    updated: int
    deleted: int
    same: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """What was done at all, by its word."""
        words = {"inserted": self.inserted, "updated": self.updated, "deleted": self.deleted}
        return {word: count for word, count in words.items() if count}


@dataclass(frozen=True, slots=True)
class Did:
    """What one call did. `exact` is False where some of it may have been undone within the call."""

    changed: tuple[Changed, ...]
    pages: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back: the JSON text of each call, what was said, what each did where that was asked for."""

    values: tuple[str | None, ...]
    notices: tuple[ServerReport, ...]
    did: tuple[Did, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The server refused: a statement of what was to be there before, with its place, or the call."""

    report: ServerReport
    before: Fault | None = None
    again: bool = False  # it was the second call
    session: int = 0  # of several at once, from 1
    uncounted: bool = False  # not the call: what notes and counts its rows


class Uncounted(Exception):
    """The server does not count rows: `track_counts` is off."""


def exchange(session: Session, call: CallExpectation, ready: Ready, become: str) -> Returned | Refused:
    """Make the call, twice where it says so, and roll everything back; one message, one round trip.

    A second message, in which triggers note each row, is sent where the server's own counters do not say enough: they
    keep what an exception block undid, and do not tell an update that left the row as it was. Raises
    UnavailableError, and Uncounted where rows cannot be counted.
    """
    found = send(session, Plan(call, ready, become))
    if isinstance(found, Refused) or is_enough(call, found.did):
        return found
    tables = sorted({one.oid for did in found.did for one in did.changed})
    noted = send(session, Plan(call, ready, become, tables))
    return noted if isinstance(noted, Refused) else Returned(found.values, found.notices, with_pages(noted, found))


def is_enough(call: CallExpectation, did: Sequence[Did]) -> bool:
    """Whether the server's counters answer what is asked of rows."""
    if call.changes is None and not call.twice:
        return True
    again = did[1:] if call.twice else ()
    return all(one.exact or not one.changed for one in did) and not any(
        row.updated for one in again for row in one.changed
    )


def with_pages(noted: Returned, found: Returned) -> tuple[Did, ...]:
    return tuple(Did(rows.changed, pages.pages, exact=True) for rows, pages in zip(noted.did, found.did, strict=True))


@dataclass(frozen=True, slots=True)
class Plan:
    """How a call is made: with the server's counters, or with the rows of these tables noted by triggers."""

    call: CallExpectation
    ready: Ready
    become: str
    noted: Sequence[int] | None = None
    ending: str = "rollback"  # "" leaves the transaction open

    @property
    def measured(self) -> bool:
        """Whether what the call does is asked for."""
        return self.call.changes is not None or self.call.twice or self.call.buffers is not None

    def message(self, session: Session) -> Message:
        """The statements, in order."""
        made, ready = Message(), self.ready
        made.add("begin", "begin read only" if ready.read_only and not ready.before else "begin")
        for one in ready.before:
            made.add("before", one.text)
        if ready.read_only and ready.before:
            made.add("read only", "set transaction read only")
        if self.noted is not None:
            for name in ("record_table.sql", "record_grant.sql", "record_function.sql"):
                made.add(RECORD, session.written(load(__file__, name)))
            relations = Literal("{" + ",".join(map(str, self.noted)) + "}")
            made.add(RECORD, session.written(load(__file__, "record.sql").compose(relations=relations)))
        measure = ""
        if self.measured:
            measure = session.written(load(__file__, "recorded.sql" if self.noted is not None else "counters.sql"))
        made.add("counted 0", measure)
        made.add("become", self.become)
        if self.measured or self.call.notices is not None:
            made.add("quiet", session.written(load(__file__, "quiet.sql")))
        for number, name in enumerate((CALL, AGAIN)[: 1 + self.call.twice], 1):
            made.add(name, ready.statement)
            made.add("checks", CHECKS)
            made.add(f"counted {number}", measure)
        made.add("end", self.ending)
        return made


def send(session: Session, plan: Plan) -> Returned | Refused:
    message = plan.message(session)
    session.take_notices()
    try:
        answers = session.send(message.text)
    except ServerError as error:
        return _refused(plan, message, error)
    calls = (CALL, AGAIN)[: 1 + plan.call.twice]
    values = tuple(message.answer(answers, name) for name in calls)
    return Returned(values, said_in(session, message), tuple(did_each(plan, message, answers)) if plan.measured else ())


def _refused(plan: Plan, message: Message, error: ServerError) -> Refused:
    name, number = message.failed(error)
    if name == "before":
        before = plan.ready.before[number - message.names.index("before")]
        return Refused(error.report, before=before.fault(error.report, message.position(error, number)))
    uncounted = name == RECORD or name.startswith("counted")
    again = AGAIN in message.names and number >= message.names.index(AGAIN)
    return Refused(error.report, again=again, uncounted=uncounted)


def said_in(session: Session, message: Message) -> tuple[ServerReport, ...]:
    """Notices of the first call and its checks; one may be counted to the statement before the one that gave it."""
    first = message.names.index(CALL)
    return tuple(one for one in session.take_notices() if first - 1 <= one.after <= first + 1)


def did_each(plan: Plan, message: Message, answers: Sequence[ResultSet]) -> list[Did]:
    """What each call did: the difference of what was counted before and after it."""
    names = [f"counted {number}" for number in range(2 + plan.call.twice)]
    counted = [_Counted.read(message.answer(answers, name), noted=plan.noted is not None) for name in names]
    return [after.since(before) for before, after in pairwise(counted)]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted since the transaction began."""

    tables: dict[int, Changed]
    pages: int
    exact: bool

    @classmethod
    def read(cls, text: str | None, *, noted: bool) -> "_Counted":
        read = json.loads(text or "[]")
        if noted:
            return cls({row[0]: Changed(*row) for row in read}, 0, exact=True)
        if not read["counted"]:
            raise Uncounted
        return cls({row[0]: Changed(*row) for row in read["tables"] or ()}, int(read["pages"]), not read["undone"])

    def since(self, before: "_Counted") -> Did:
        rows = []
        for oid, after in self.tables.items():
            was = before.tables.get(oid, Changed(oid, "", "", 0, 0, 0))
            inserted, updated = after.inserted - was.inserted, after.updated - was.updated
            deleted, same = after.deleted - was.deleted, after.same - was.same
            if inserted or updated or deleted:
                rows.append(Changed(oid, after.schema, after.name, inserted, updated, deleted, same))
        return Did(tuple(sorted(rows, key=lambda one: (one.schema, one.name))), self.pages - before.pages, self.exact)
