"""What was looked at and what came of it: results as data, their counts, the verdict, the exit code."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from nexiom_runner.errors import Fault, Place, record


class Outcome(StrEnum):
    """What came of one check."""

    PASS = "PASS"
    FAIL = "FAIL"
    WARN = "WARN"
    PENDING = "PENDING"
    SKIP = "SKIP"
    ERROR = "ERROR"  # could not be evaluated
    BLOCKED = "BLOCKED"  # what it needs failed
    UNPARSED = "UNPARSED"  # no analyser could read it and the catalog did not answer either


PASSED = frozenset({Outcome.PASS, Outcome.WARN})
FAILED = frozenset({Outcome.FAIL})
WAITING = frozenset({Outcome.PENDING})
NOT_LOOKED_AT = frozenset({Outcome.SKIP, Outcome.ERROR, Outcome.BLOCKED, Outcome.UNPARSED})
FAILING = frozenset({Outcome.FAIL, Outcome.ERROR, Outcome.BLOCKED, Outcome.UNPARSED})


class Kind(StrEnum):
    """What sort of check a result is of."""

    SCRIPT = "script"  # one script applied; not a check, counted apart
    OBJECT = "object"  # one attribute of one object compared with the catalog
    AUDIT = "audit"  # one object an audit file examined
    CALL = "call"  # one call as one role
    PENDING_KEY = "pending key"  # one pending key of one function, however many calls saw it
    SQL_TEST = "sql test"  # one asserted statement of tests/sql
    COVERAGE = "coverage"  # how much of what is exposed the tests exercised, where that is to reach so much
    REHEARSAL = "rehearsal"  # one statement of a plan run elsewhere, its label the `attribute`
    LINT = "lint"  # what a rule found, its id the `attribute`; PASS where it is waived


@record
class Difference:
    """Expected and found at one path (`$.routed`) or attribute (`execute`)."""

    path: str
    expected: str | None = None
    found: str | None = None
    note: str | None = None  # did you mean…, cast it with…, why the role has it


@record
class Reach:
    """The tables that a function reads and writes in the end, and on which ways that is not known."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@record
class Result:
    """One check. `subject` names the object, audit or test; `attribute` what of it was compared."""

    outcome: Outcome
    kind: Kind
    phase: str | None
    subject: str
    attribute: str | None = None
    role: str | None = None
    place: Place | None = None
    message: str | None = None  # one line: why FAIL, ERROR, SKIP, BLOCKED
    differences: tuple[Difference, ...] = ()
    fix: str | None = None  # SQL or the thing to do that would make it so
    sql: str | None = None  # what was sent, to run it again by hand
    excerpt: str | None = None  # source line at `place`, with `width` characters marked
    width: int = 1
    detail: str | None = None
    state: str | None = None
    seconds: float | None = None
    statements: int | None = None  # of a script
    owner: str | None = None  # of pending work
    until: str | None = None  # of pending work, YYYY-MM-DD
    warnings: tuple[Fault, ...] = ()  # of a script that ran: what of it did nothing
    cell: str | None = None  # of a call of a matrix: what came of it, in a word or two; "" where it was not made
    left: str = "rolled back"  # what became of what `sql` did
    reach: Reach | None = None  # of a function's exposure, where it was asked for; `owner` accepted it `until`


@dataclass(frozen=True, slots=True)
class Exercised:
    """What tests called of the functions that others than their owner may execute.

    A pair is a function and a role that may execute it. `missing` names the functions with the roles that no test
    called them as, `uncalled` those that none called at all; `is_known` is False where the server does not count.
    """

    functions: int
    called: int
    pairs: int
    called_pairs: int
    uncalled: tuple[str, ...] = ()
    missing: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_known: bool = True

    @property
    def percent(self) -> int:
        """Of the functions, rounded down; 100 where there is none."""
        return 100 * self.called // self.functions if self.functions else 100

    @property
    def percent_of_pairs(self) -> int:
        """Of the pairs, rounded down; 100 where there is none."""
        return 100 * self.called_pairs // self.pairs if self.pairs else 100

    @property
    def uncalled_pairs(self) -> tuple[str, ...]:
        """`totals as anon`."""
        return tuple(f"{function} as {role}" for function, roles in self.missing for role in roles)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts as people read them; `checks` is their sum."""

    passed: int
    failed: int
    waiting: int
    not_looked_at: int

    @property
    def checks(self) -> int:
        """Every check, looked at or not."""
        return self.passed + self.failed + self.waiting + self.not_looked_at


class Verdict(StrEnum):
    """Of a whole project on a target; the first that applies."""

    NOT_READY = "NOT READY"
    UNKNOWN = "UNKNOWN"
    READY_WITH_PENDING = "READY WITH PENDING"
    READY = "READY"


def tally(results: Iterable[Result]) -> Tally:
    """Counts of the checks among the results; scripts are not checks."""
    counts = Counter(result.outcome for result in results if result.kind is not Kind.SCRIPT)
    return Tally(
        sum(counts[outcome] for outcome in PASSED),
        sum(counts[outcome] for outcome in FAILED),
        sum(counts[outcome] for outcome in WAITING),
        sum(counts[outcome] for outcome in NOT_LOOKED_AT),
    )


def verdict(results: Collection[Result], *, unapplied: int = 0, drift: bool = False) -> Verdict:
    """The verdict over all results; `unapplied` counts phases not (wholly) applied."""
    outcomes = {result.outcome for result in results}
    if drift or unapplied or outcomes & {Outcome.FAIL, Outcome.BLOCKED}:
        return Verdict.NOT_READY
    if outcomes & {Outcome.ERROR, Outcome.UNPARSED} or not tally(results).checks:
        return Verdict.UNKNOWN
    if Outcome.PENDING in outcomes:
        return Verdict.READY_WITH_PENDING
    return Verdict.READY


def exit_code(results: Iterable[Result], *, drift: bool = False, fail_on: Collection[Outcome] = ()) -> int:
    """0 when all is so, 1 when something failed or could not be looked at; `fail_on` raises others."""
    failing = FAILING | frozenset(fail_on)
    return int(drift or any(result.outcome in failing for result in results))
