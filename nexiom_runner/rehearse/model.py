"""What a rehearsal measured, statement by statement, and where it took place."""

from collections.abc import Iterator
from dataclasses import dataclass

from nexiom_runner.errors import Place
from nexiom_runner.lint.moves import TableFacts
from nexiom_runner.rehearse.restore import Missing
from nexiom_runner.rehearse.target import Size
from nexiom_runner.results import Kind, Outcome, Result

# From the weakest: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)


@dataclass(frozen=True, slots=True)
class Touched:
    """An object that was there before the transaction, with its size on the target where that is known."""

    kind: str
    name: str  # as PostgreSQL identifies it: public.messages, public.f(integer)
    size: Size | None = None

    @property
    def small(self) -> bool:
        """Nobody would notice that it is worked on: it is new, empty or of few rows."""
        known = self.size is not None and self.size.rows >= 0
        return self.size is None or (known and TableFacts(self.size.rows, self.size.bytes).small)

    @property
    def described(self) -> str:
        """`table public.messages (2.1 M rows, 480 MB)`."""
        size = "" if self.size is None else f" ({self.size})"
        return f"{self.kind} {self.name}{size}"


@dataclass(frozen=True, slots=True)
class Lock:
    """The strongest lock that a statement took on something beyond what its transaction held already.

    It is held until the transaction ends. `measured` is False of what only PostgreSQL's documentation says.
    """

    mode: str
    on: Touched
    measured: bool = True

    @property
    def strength(self) -> int:
        """From 0, the weakest."""
        return MODES.index(self.mode)

    @property
    def blocks_writers(self) -> bool:
        """It conflicts with ROW EXCLUSIVE, which insert, update and delete take."""
        return self.strength >= MODES.index("SHARE")


@dataclass(frozen=True, slots=True)
class Effects:
    """What one statement did, as far as others can see it: new objects are not locked or rewritten for anybody."""

    locks: tuple[Lock, ...] = ()
    under: tuple[Lock, ...] = ()  # the strongest on each table it rewrote or read, from an earlier statement too
    rewritten: tuple[Touched, ...] = ()  # tables with a new file
    emptied: tuple[Touched, ...] = ()  # by truncate
    scanned: tuple[Touched, ...] = ()  # read from end to end by DDL
    built: tuple[Touched, ...] = ()  # indexes; the size is the table's
    created: tuple[str, ...] = ()  # "table public.messages"
    changed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RehearsedStatement:
    """One statement that would run. `skipped` says why it could not be rehearsed, None where it was."""

    number: int  # in its script, from 1
    label: str
    place: Place
    source: str | None
    width: int
    transactional: bool
    effects: Effects = Effects()
    seconds: float = 0.0
    skipped: str | None = None
    notes: tuple[str, ...] = ()  # what cannot be said of it from a copy


@dataclass(frozen=True, slots=True)
class RehearsedScript:
    """One script: its statements up to the one that failed, and what came of it."""

    key: str
    phase: str
    statements: tuple[RehearsedStatement, ...]
    result: Result


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the plan ran: `how` in words, and what of it is not as on the target."""

    how: str  # schema by pg_dump 18.4 on PostgreSQL 18.4
    on_target: bool = False
    differs: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All of it: the scripts in order, then what the audits said."""

    project: str
    target: str
    server: str  # the target's version
    checked_at: str  # ISO 8601, UTC
    runner: str  # nexiom's version
    ground: Ground
    scripts: tuple[RehearsedScript, ...]
    audits: tuple[Result, ...]

    @property
    def statements(self) -> tuple[RehearsedStatement, ...]:
        """Of every script."""
        return tuple(statement for script in self.scripts for statement in script.statements)

    @property
    def results(self) -> tuple[Result, ...]:
        """One of each script and each statement of it, then the audits', for the exit code and every form."""
        told = (result for script in self.scripts for result in script_results(script))
        return (*told, *self.audits)


def script_results(script: RehearsedScript) -> tuple[Result, ...]:
    """The script's own, and one of each statement that was reached."""
    return (*(_statement_result(script, one) for one in script.statements), script.result)


def _statement_result(script: RehearsedScript, one: RehearsedStatement) -> Result:
    """WARN for work on a table with rows while writers wait, SKIP for what could not be rehearsed."""
    blocking = tuple(blocked_work(one.effects))
    outcome = Outcome.SKIP if one.skipped is not None else Outcome.WARN if blocking else Outcome.PASS
    return Result(
        outcome,
        Kind.REHEARSAL,
        script.phase,
        f"{script.key}, statement {one.number}",
        attribute=one.label,
        place=one.place,
        message=one.skipped or "; ".join(blocking) or None,
        excerpt=one.source,
        width=one.width,
        detail="; ".join(one.notes) or None,
        seconds=one.seconds,
    )


def blocked_work(effects: Effects) -> Iterator[str]:
    """What takes time in proportion to a table's rows while nobody can write to it."""
    held = {lock.on.name: lock for lock in effects.under if lock.blocks_writers}
    done = (("rewrites", effects.rewritten), ("reads all of", effects.scanned))
    told: set[str] = set()
    for verb, tables in done:
        for table in tables:
            lock = held.get(table.name)
            if lock is not None and table.name not in told and not table.small:
                told.add(table.name)
                yield f"{verb} {table.described} under {lock.mode}"
