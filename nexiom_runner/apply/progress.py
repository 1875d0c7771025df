"""How far a backfill is and how much there is to do: its own count in the database, and what the server estimates."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.plan.model import Plan, StepState
from nexiom_runner.project.outline import Backfill

LOOK = "begin read only;set local lock_timeout = '1s'"  # nobody waits for an estimate
Tables = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Progress:
    """How far a run is: what earlier ones did, what it did, and what there is to do as far as anybody knows.

    `bound`: more rows than that no statement changes that comes to an end.
    """

    key: str
    before: tuple[int, int] = (0, 0)  # rows and batches of earlier runs
    rows: int = 0
    run: int = 0  # batches
    began: float = field(default_factory=time.monotonic)
    expected: int | None = None  # rows of this run
    tables: tuple[tuple[str, str], ...] = ()
    size: int = 0  # rows of the largest of them
    bound: int | None = None
    shrinks: bool = False  # what is to be done is in the table it changes: that may have grown

    def add(self, rows: int) -> None:
        """A batch was committed."""
        self.rows, self.run = self.rows + rows, self.run + 1

    @property
    def total(self) -> tuple[int, int]:
        """Rows and batches of all runs."""
        return self.before[0] + self.rows, self.batches

    @property
    def batches(self) -> int:
        """Of all runs."""
        return self.before[1] + self.run

    @property
    def done(self) -> str:
        """`3 000 rows in 3 batches`, of all runs."""
        return so_far(*self.total)

    @property
    def remains(self) -> str:
        """The same as a sentence."""
        return (
            f"{self.done} {'remains' if self.total[0] == 1 else 'remain'} done."
            if self.batches
            else "No batch is done."
        )

    @property
    def endless(self) -> bool:
        """More rows were changed than the statement can have to change."""
        return self.bound is not None and self.rows > self.bound

    def text(self, now: float) -> str:
        """`08_x/backfill.sql: 3 000 of about 1 200 000 rows in 3 batches, about 12 min left`."""
        if self.expected is None or self.expected <= self.rows:
            size = f"; its largest table has about {number(self.size)}" if self.size > self.rows else ""
            return f"{self.key}: {so_far(self.rows, self.run)}{size}"
        left = (now - self.began) / self.rows * (self.expected - self.rows) if self.rows else 0.0
        of = f"{number(self.rows)} of about {number(self.expected)} rows in {batches_of(self.run)}"
        return f"{self.key}: {of}, about {_span(left)} left"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the server thinks of a statement: rows it would change, and the tables it reads; None is not known."""

    rows: int | None = None
    tables: tuple[tuple[str, str], ...] = ()
    inserts: bool = False


def measure(progress: Progress, session: Session, settings: str, statement: str, times: int, pace: Backfill) -> None:
    """Ask the server what is left to do and where the end must be: `times` the rows of the largest table it names.

    Two round trips, none of which reads a table.
    """
    found = estimate(session, settings, statement)
    if found.rows is not None:
        progress.expected = found.rows  # by statistics that know nothing of this run yet
    progress.tables, progress.shrinks = found.tables, bool(found.tables) and not found.inserts
    progress.size = largest(session, found.tables) or 0
    progress.bound = times * progress.size + pace.batch if pace.max_rows is None else pace.max_rows


def with_progress(session: Session, project: str, plan: Plan) -> Plan:
    """The plan whose backfills under way say how far they are; a round trip only where there are any."""
    if not any(step.kind == "backfill" and step.state is StepState.PARTIAL for step in plan.steps):
        return plan
    try:
        rows = session.rows(load(__file__, "backfills.sql"), project=project)
    except ServerError:  # no such table, or one that this role may not read: then nobody knows
        return plan
    done = {row.script: so_far(row.rows, row.batches) for row in rows}
    steps = (
        replace(step, reason=f"{step.reason}; {done[step.key]} so far")
        if step.state is StepState.PARTIAL and step.key in done
        else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps))


def so_far(rows: int, batches: int) -> str:
    """`3 000 rows in 3 batches`."""
    return f"{number(rows)} row{'' if rows == 1 else 's'} in {batches_of(batches)}"


def batches_of(count: int) -> str:
    """`3 batches`."""
    return f"{number(count)} batch{'' if count == 1 else 'es'}"


def number(value: int) -> str:
    """`1 200 000`."""
    return f"{value:,}".replace(",", " ")


def estimate(session: Session, settings: str, statement: str) -> Estimate:
    """What the planner says of a statement that changes rows; executes nothing. Knows nothing where it is refused."""
    explain = load(__file__, "explain.sql").text
    try:
        sent = session.send(f"{LOOK};{settings};{explain}\n{statement}\n;rollback")
    except ServerError:
        return Estimate()
    found = next((result for result in sent if result.tag == "EXPLAIN"), None)
    text = "\n".join(str(line) for (line,) in found.rows) if found is not None else "[]"
    nodes = [node for each in json.loads(text) for node in _nodes(each["Plan"])]
    tables = {(node["Schema"], node["Relation Name"]): None for node in nodes if "Relation Name" in node}
    changes = next((node for node in nodes if node["Node Type"] == "ModifyTable"), None)
    if changes is None:
        return Estimate(None, tuple(tables))
    return Estimate(_below(changes), tuple(tables), changes["Operation"] == "Insert")


def largest(session: Session, tables: Tables) -> int | None:
    """About how many rows the largest of these tables has, of all tables where none is given; None: unknown."""
    query = load(__file__, "sizes.sql").compose(tables=Literal(json.dumps(list(tables))))
    try:
        rows = session.send(f"{LOOK};{session.written(query)};rollback")[2].rows
    except ServerError:
        return None
    return int(rows[0][0]) if rows[0][0] is not None else None


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _below(changes: Mapping[str, Any]) -> int | None:
    """Rows that reach the node that changes them: of the change itself the planner says 0 where it returns none."""
    rows = [below["Plan Rows"] for below in changes.get("Plans", ()) if below.get("Parent Relationship") == "Outer"]
    return int(sum(rows)) if rows else None


def _span(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3_600:.0f} h"
