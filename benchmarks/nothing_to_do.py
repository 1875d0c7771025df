"""A run with nothing to do: `build` of the reference project, `plan` at 1,000 and at 100 phases."""

import re
import statistics
import subprocess
import sys
import tempfile
import time
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
    checks: list[float] = []
    thousand, hundred, build, bare = medians(
        lambda: run(plan, cwd=large),
        lambda: run(plan, cwd=small),
        lambda: _build_less_checks(checks),
        lambda: run(IMPORT),
        rounds=7,
    )
    yield Ratio("plan, nothing to do, 1000 phases", thousand, "import click, psycopg", bare, 2.5)
    yield Ratio("plan, nothing to do, 1000 phases", thousand, "the same at 100 phases", hundred, 2)
    name = f"second build, less its checks ({statistics.median(checks):.3f} s)"
    yield Ratio(name, build, "import click, psycopg", bare, 4)


def _build_less_checks(checks: list[float]) -> float:
    """Seconds of a build but for those within its audits and tests, which `-v` says and which are noted."""
    begun = time.perf_counter()
    done = subprocess.run(
        [*NEXIOM, "build", "-q", "-v"], cwd=str(REFERENCE), capture_output=True, text=True, check=True
    )
    seconds = time.perf_counter() - begun
    said = re.search(r"^-- \d+ checks? in ([\d.]+) (ms|s)$", done.stderr, re.MULTILINE)
    if said is None:
        raise SystemExit(f"build -v did not say how long its checks took:\n{done.stderr[-2000:]}")
    checks.append(float(said[1]) / (1000 if said[2] == "ms" else 1))
    return seconds - checks[-1]
