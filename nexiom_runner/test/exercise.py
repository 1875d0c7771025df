"""Which functions that others may execute no test exercised, role by role, from the server's own counters.

A function that another one called counts as called by the role that called the other. The counters need the setting
track_functions = all, which a superuser makes; without it nobody knows what was called within a call. A call of a
function in the language SQL may be put into the query it stands in and not be counted: the function that a test
calls itself counts without them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError, UnavailableError
from nexiom_runner.project.outline import Thresholds
from nexiom_runner.results import Difference, Exercised, Kind, Outcome, Result
from nexiom_runner.test.prepare import shown_function

PUBLIC = "PUBLIC"
_NOBODY = ""  # no role is called so
FIRST = "set local search_path = pg_catalog"


@dataclass(frozen=True, slots=True)
class _Function:
    oid: int
    signature: str
    shown: str
    roles: tuple[str, ...]


@dataclass(slots=True)
class Exercise:
    """Kept over all phases of one command. Threads may take note at once, each of a session of its own.

    `is_known` is None before anything was looked at, False where the server does not count.
    """

    schemas: Sequence[str] = ("public",)
    is_known: bool | None = None
    functions: dict[int, _Function] = field(default_factory=dict)
    called: set[tuple[str, str | None]] = field(default_factory=set)  # signature; role, None: a script or the owner
    counted: dict[int, dict[str, int]] = field(default_factory=dict)  # by session, as last read
    callers: dict[int, str | None] = field(default_factory=dict)  # by session, who calls

    def begin(self, session: Session) -> None:
        """Ask which functions there are; two round trips."""
        try:
            with session.transaction(read_only=True, first=FIRST, rollback=True):
                rows = session.rows(load(__file__, "exposed.sql"), schemas=list(self.schemas))
        except (ServerError, UnavailableError):
            return
        self.functions = {row.oid: _function(row) for row in rows}
        self.is_known = all(row.counted for row in rows)
        self.counted.clear()
        self.callers.clear()

    def turn(self, session: Session, role: str | None) -> None:
        """This role is to call now. The counters are read where another called before: one round trip a change."""
        before = self.callers.get(id(session), _NOBODY)
        if self.is_known and before != role:
            self._settle(session, before)
            self.callers[id(session)] = role

    def note(self, role: str | None, signature: str) -> None:
        """A test called this function itself."""
        self.called.add((signature, role))

    def settle(self, sessions: Sequence[Session]) -> None:
        """No more is called on these sessions."""
        for session in sessions:
            if id(session) in self.callers:
                self._settle(session, self.callers.pop(id(session)))

    def _settle(self, session: Session, role: str | None) -> None:
        """What was called since the last time was called by this role."""
        before = self.counted.get(id(session), {})
        now = self.counted[id(session)] = self._counts(session)
        if role != _NOBODY:
            called = (oid for oid, calls in now.items() if calls > before.get(oid, 0))
            self.called.update((self.functions[int(oid)].signature, role) for oid in called)

    def sum(self) -> Exercised | None:
        """What was exercised; None where nothing was looked at."""
        if self.is_known is None:
            return None
        every = self.functions.values()
        by_any = {signature for signature, _ in self.called}
        missing = tuple((one.shown, tuple(self._missing(one))) for one in every)
        return Exercised(
            functions=len(every),
            called=sum(one.signature in by_any for one in every),
            pairs=sum(len(one.roles) for one in every),
            called_pairs=sum(len(one.roles) for one in every) - sum(len(roles) for _, roles in missing),
            uncalled=tuple(one.shown for one in every if one.signature not in by_any),
            missing=tuple((shown, roles) for shown, roles in missing if roles),
            is_known=self.is_known,
        )

    def _missing(self, one: _Function) -> Iterator[str]:
        roles = {role for signature, role in self.called if signature == one.signature}
        yield from (role for role in one.roles if role not in roles and not (role == PUBLIC and roles))

    def _counts(self, session: Session) -> dict[str, int]:
        try:
            (row,) = session.rows(load(__file__, "counts.sql"), functions=list(self.functions))
        except (ServerError, UnavailableError):
            return self.counted.get(id(session), {})
        counts: dict[str, int] = row.counts
        return counts


def below(found: Exercised | None, least: Thresholds) -> Iterator[Result]:
    """FAIL for each threshold that is not reached, ERROR where nobody knows; nothing where none is stated."""
    if found is None:
        return
    for attribute, wanted, reached, names in (
        ("functions", least.functions, found.percent, found.uncalled),
        ("roles", least.roles, found.percent_of_pairs, found.uncalled_pairs),
    ):
        base = Result(Outcome.ERROR, Kind.COVERAGE, None, "coverage", attribute, place=least.place)
        if wanted is None or reached >= wanted:
            continue
        if not found.is_known:
            message = f"{reached} % of {attribute} are called by tests themselves; the server does not count the rest"
            fix = "A superuser's alter role NAME set track_functions = 'all' makes it count."
            yield replace(base, message=message, fix=fix)
        else:
            note = f"no test calls {', '.join(names)}"
            difference = Difference(attribute, f"{wanted} % or more", f"{reached} %", note)
            yield replace(base, outcome=Outcome.FAIL, differences=(difference,))


def _function(row: Any) -> _Function:
    return _Function(row.oid, row.signature, shown_function(row.schema, row.name), tuple(row.roles))
