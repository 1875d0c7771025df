"""CPU time of `--help` and `--version` over bare Python."""

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator

ROUNDS = 15


def measure() -> Iterator[str]:
    """Milliseconds added, medians of rounds in turn."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "--help": [sys.executable, "-m", "nexiom_runner", "--help"],
        "--version": [sys.executable, "-m", "nexiom_runner", "--version"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            times[name].append(_cpu(command))
    bare = statistics.median(times["python -c pass"])
    for name, limit in (("--help", 90), ("--version", 20)):
        added = (statistics.median(times[name]) - bare) * 1000
        yield f"{'ok  ' if added <= limit else 'OVER'} {name:<58} adds {added:.0f} ms of CPU (at most {limit})"


def _cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True, env=dict(os.environ))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
