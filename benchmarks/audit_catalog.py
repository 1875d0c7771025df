"""Audit of 1,000 tables and 1,000 functions: all of it against the time its queries take at the server."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from benchmarks.clock import Ratio
from benchmarks.generate import generate_project, scripts
from nexiom_runner.audit.audit import audit
from nexiom_runner.cli import collect_rarely
from nexiom_runner.database.embedded import start
from nexiom_runner.database.session import Session, connect
from nexiom_runner.project.load import load_project
from nexiom_runner.results import Outcome

PHASES = 1_000
ROUNDS = 5


class TimedCursor(psycopg.Cursor[Any]):
    """Adds up the seconds from sending a query to having its whole answer, before any row of it becomes Python's."""

    seconds = 0.0
    queries = 0

    def execute(self, *args: Any, **options: Any) -> Any:
        begun = time.perf_counter()
        try:
            return super().execute(*args, **options)
        finally:
            TimedCursor.seconds += time.perf_counter() - begun
            TimedCursor.queries += 1


def measure(phases: int = PHASES) -> Iterator[Ratio | str]:
    """In this process, so that neither start-up nor reading the project counts on either side."""
    collect_rarely()  # as the command line does
    with tempfile.TemporaryDirectory(prefix="nexiom-bench") as folder, start(folder, environ=os.environ) as server:
        ours, theirs, checks = _audited(Path(folder, "project"), server.dsn, phases)
    yield f"     {checks} checks, {TimedCursor.queries} queries"
    name = f"audit of {phases} tables and {phases} functions"
    yield Ratio(name, ours, "its queries at the server", theirs, 3)


def measure_sizes(small: int = PHASES // 2, large: int = PHASES * 5) -> Iterator[Ratio | str]:
    """Ten times the objects: half of them tables, half functions."""
    collect_rarely()
    seconds, queries = [], []
    for phases in (small, large):
        with tempfile.TemporaryDirectory(prefix="nexiom-bench") as folder, start(folder, environ=os.environ) as server:
            seconds.append(_audited(Path(folder, "project"), server.dsn, phases)[0])
            queries.append(TimedCursor.queries)
    yield f"     {queries[0]} queries for {2 * small} objects, {queries[1]} for {2 * large}"
    yield Ratio(f"audit of {2 * large} objects", seconds[1], f"the same of {2 * small}", seconds[0], 12)


def _audited(folder: Path, dsn: str, phases: int) -> tuple[float, float, int]:
    """Median seconds of an audit of the generated project and of its queries, and the number of checks."""
    generate_project(folder, phases)
    project = load_project(folder)
    with connect(dsn, application="benchmark") as session:
        for script in scripts(phases):
            session.send(script)
    names = [phase.name for phase in project.phases]
    ours, theirs = [], []
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None, cursor_factory=TimedCursor) as connection:
        for _ in range(ROUNDS):
            TimedCursor.seconds, TimedCursor.queries = 0.0, 0
            begun = time.perf_counter()
            results = list(audit(Session(connection), project, names, names, ()))
            ours.append(time.perf_counter() - begun)
            theirs.append(TimedCursor.seconds)
            if any(result.outcome is not Outcome.PASS for result in results):
                raise SystemExit("the generated project does not pass its audit")
    return median(ours), median(theirs), len(results)
