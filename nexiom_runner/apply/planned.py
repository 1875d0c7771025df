"""What a plan's backfills will do: in which batches, how fast, and to a table of about which size."""

from dataclasses import dataclass
from typing import Any

from nexiom_runner.apply.progress import largest, number
from nexiom_runner.database.session import Session
from nexiom_runner.graph.model import Graph
from nexiom_runner.plan.model import Plan
from nexiom_runner.project.outline import Backfill
from nexiom_runner.sql.backfill import changed_table
from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.words import folded


@dataclass(frozen=True, slots=True)
class PlannedBackfill:
    """One backfill. `table` is the one it changes, None where a function does; `rows` None where that is not there."""

    script: str
    pace: Backfill
    table: str | None = None
    rows: int | None = None

    @property
    def manner(self) -> str:
        """`in batches of 1 000, each a transaction; table about 1 200 000 rows`."""
        size = f"; table about {number(self.rows)} row{'' if self.rows == 1 else 's'}" if self.rows is not None else ""
        return f"in batches of {number(self.pace.batch)}, each a transaction{size}"

    def data(self) -> dict[str, Any]:
        """The same as plain data, durations in milliseconds."""
        pace = self.pace
        return {
            "script": self.script,
            "batch": pace.batch,
            "pause": pace.pause,
            "max_lag": pace.max_lag,
            "max_wait": pace.max_wait,
            "max_rows": pace.max_rows,
            "table": self.table,
            "rows": self.rows,
        }


def find_backfills(session: Session, plan: Plan, graph: Graph) -> tuple[PlannedBackfill, ...]:
    """Each backfill that would run, now or once what blocks it is settled; a round trip for each that names a table."""
    scripts = [step.script for step in plan.steps if step.kind == "backfill" and step.statements and step.script]
    return tuple(_planned(session, script, graph.paces.get(script.phase, Backfill())) for script in scripts)


def _planned(session: Session, script: Script, pace: Backfill) -> PlannedBackfill:
    words = folded(piece for _, piece in significant(lexemes(script.statements[0].text)))
    found = changed_table(words)
    if found is None:
        return PlannedBackfill(script.key, pace)
    table = (found[0] or "public", found[1])
    return PlannedBackfill(script.key, pace, ".".join(table), largest(session, [table]))
