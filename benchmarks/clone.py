"""A copy for a test written in Python: made from the built reference project, connected to, dropped."""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.clock import Ratio, run
from nexiom_runner.database.copies import Copies, copies_of
from nexiom_runner.database.targets import open_target
from nexiom_runner.project.load import load_project
from nexiom_runner.project.targets import resolve_target

REFERENCE = Path(__file__).parents[1]
ROUNDS = 40
ALLOWED = 0.050  # seconds, where the server's data lie in memory


def measure() -> Iterator[Ratio]:
    """The median of what `nexiom_db` costs a test, with what comes before and after it."""
    run([sys.executable, "-m", "nexiom_runner", "apply", "-q"], cwd=str(REFERENCE))
    project = load_project(REFERENCE)
    target = resolve_target(project, None, os.environ)
    with open_target(project, target, os.environ) as opened, copies_of(opened) as copies:
        times = [_one(copies) for _ in range(ROUNDS)]
    yield Ratio("copy of the reference project for a test", statistics.median(times), "what it may", ALLOWED, 1)


def _one(copies: Copies) -> float:
    begun = time.perf_counter()
    with copies.copy() as copy, copy.connect_plain() as connection:
        connection.execute("select 1")
    return time.perf_counter() - begun
