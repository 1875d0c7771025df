"""Timing of whole processes: medians of interleaved runs, so that noise falls on both sides alike."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

IMPORT = (sys.executable, "-c", "import click, psycopg")


@dataclass(frozen=True, slots=True)
class Ratio:
    """What was measured against what, and the most it may be."""

    name: str
    seconds: float
    against: str
    reference: float
    limit: float

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.seconds / self.reference

    def __str__(self) -> str:
        word = "ok  " if self.ratio <= self.limit else "OVER"
        return (
            f"{word} {self.name:<58} {self.ratio:6.2f} x {self.against} (at most {self.limit:g})"
            f"   {self.seconds:.3f} s / {self.reference:.3f} s"
        )


def run(command: Sequence[str], environ: Mapping[str, str] | None = None, cwd: str | None = None) -> float:
    """Wall seconds of one process that must succeed."""
    begun = time.perf_counter()
    done = subprocess.run(command, env=environ, cwd=cwd, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        )
    return seconds


def medians(*things: Callable[[], float], rounds: int = 5) -> list[float]:
    """The median of each, all run in turn in every round."""
    times = [[thing() for thing in things] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]
