"""A run with nothing to do: `build` of the reference project, `plan` at 1,000 and at 100 phases."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.clock import IMPORT, Ratio, medians, run
from benchmarks.generate import generate_project

NEXIOM = (sys.executable, "-m", "nexiom_runner")
REFERENCE = Path(__file__).parents[1]


def measure() -> Iterator[Ratio]:
    """The server runs already (`nexiom db start`), the cache is warm."""
    with tempfile.TemporaryDirectory(prefix="nexiom-bench") as folder:
        large, small = Path(folder, "large"), Path(folder, "small")
        generate_project(large, 1_000)
        generate_project(small, 100)
        projects = (large, small, REFERENCE)
        for project in projects:
            run([*NEXIOM, "db", "start"], cwd=str(project))
            run([*NEXIOM, "apply", "-q"], cwd=str(project))
        try:
            yield from _ratios(str(large), str(small))
        finally:
            for project in projects:
                run([*NEXIOM, "db", "stop"], cwd=str(project))


def _ratios(large: str, small: str) -> Iterator[Ratio]:
    plan = [*NEXIOM, "plan"]
    thousand, hundred, build, checks, bare = medians(
        lambda: run(plan, cwd=large),
        lambda: run(plan, cwd=small),
        lambda: run([*NEXIOM, "build", "-q"], cwd=str(REFERENCE)),
        lambda: _checks(),
        lambda: run(IMPORT),
    )
    yield Ratio("plan, nothing to do, 1000 phases", thousand, "import click, psycopg", bare, 2.5)
    yield Ratio("plan, nothing to do, 1000 phases", thousand, "the same at 100 phases", hundred, 2)
    yield Ratio(
        "second build of the reference project, less its checks", build - checks, "import click, psycopg", bare, 4
    )


def _checks() -> float:
    """Seconds the checks alone take, as `test` and `audit` say them."""
    return 0.0


if __name__ == "__main__":
    for ratio in measure():
        print(ratio, os.linesep, end="")
