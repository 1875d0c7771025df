"""The readiness of a project on a target: the one model every renderer reads."""

from collections.abc import Collection
from dataclasses import dataclass, field

from nexiom_runner.results import Exercised, Kind, Outcome, Reach, Result, Tally, Verdict, tally, verdict


@dataclass(frozen=True, slots=True)
class ScriptState:
    """A script and how it stands: its file's sha256 now, and when, by whom and from which commit it was applied."""

    path: str
    state: str
    sha256: str
    applied_at: str | None = None
    applied_by: str | None = None
    commit: str | None = None
    destructive: str | None = None  # why it might take data away, where it did


@dataclass(frozen=True, slots=True)
class Exposure:
    """A function some API role may execute."""

    function: str
    roles: tuple[str, ...]
    security: str | None
    reason: str | None
    called: bool
    reach: Reach | None = None  # where the project marks something sensitive
    accepted_by: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class PhaseReadiness:
    """One phase: `state` is a plan state's word (`applied`, `pending`, `changed`, `edited`, …)."""

    name: str
    title: str
    owner: str | None
    state: str
    scripts: tuple[ScriptState, ...]
    objects: tuple[str, ...]
    results: tuple[Result, ...]
    exposed: tuple[Exposure, ...] = ()

    @property
    def settled(self) -> bool:
        """What is applied is what the files say; other inputs are a warning (see plan.model)."""
        return self.state in ("applied", "inputs", "renamed")

    @property
    def counts(self) -> Tally:
        """Of this phase's checks."""
        return tally(self.results)


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looked, when, from where, at what."""

    project: str
    target: str
    protected: bool
    checked_at: str  # ISO 8601, UTC
    checked_by: str
    runner: str  # nexiom's version
    role: str
    database: str
    server: str  # PostgreSQL's version
    system: str | None = None  # system identifier
    commit: str | None = None
    dirty: bool | None = None
    run: str | None = None  # address of the CI run
    head: str | None = None  # hash of the newest ledger entry
    entries: int = 0
    asked: int | None = None  # the major version that the server stands in for, where its own is another


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at, as counts."""

    statements: int
    unparsed: int
    objects: int
    functions_called: int
    functions_exposed: int
    unstated: int = 0  # objects that others than the owner can reach while no phase says who may


@dataclass(frozen=True, slots=True)
class Readiness:
    """The whole report. `general` are results that belong to no phase."""

    scope: Scope
    phases: tuple[PhaseReadiness, ...]
    coverage: Coverage
    general: tuple[Result, ...] = ()
    drift: bool = False
    notes: tuple[str, ...] = field(default_factory=tuple)
    unstated: tuple[Exposure, ...] = ()  # functions that others can call while no phase says who may
    exercised: Exercised | None = None  # by the tests, where all of them were run

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result, in order of phases."""
        return tuple(result for phase in self.phases for result in phase.results) + self.general

    @property
    def verdict(self) -> Verdict:
        """NOT READY, UNKNOWN, READY WITH PENDING or READY."""
        return verdict(self.results, unapplied=len(self.unapplied), drift=self.drift)

    @property
    def unapplied(self) -> tuple[str, ...]:
        """Phases of which something is not applied as its files say; other inputs alone are a warning."""
        return tuple(phase.name for phase in self.phases if not phase.settled)

    @property
    def counts(self) -> Tally:
        """Of all checks."""
        return tally(self.results)


def in_force(results: Collection[Result]) -> tuple[Result, ...]:
    """The results without those that a later phase's check of the same attribute or call replaced."""
    last: dict[tuple[object, ...], int] = {}
    for number, result in enumerate(results):
        last[_identity(result, number)] = number
    kept = set(last.values())
    return tuple(result for number, result in enumerate(results) if number in kept)


def _identity(result: Result, number: int) -> tuple[object, ...]:
    if result.kind is Kind.OBJECT and result.outcome in (Outcome.PASS, Outcome.WARN):
        return (result.kind, result.subject, result.attribute)
    if result.kind in (Kind.CALL, Kind.PENDING_KEY) and result.outcome in (Outcome.PASS, Outcome.PENDING):
        return (result.kind, result.subject, result.attribute, result.role)
    return (number,)
