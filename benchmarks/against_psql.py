"""Apply 1,000 phases: nexiom against one psql process that commits each phase, both on one durable server."""

import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.clock import Ratio, medians, run
from benchmarks.generate import generate_project, scripts
from benchmarks.server import Server, durable_server
from nexiom_runner.database.session import connect

PHASES = 1_000


def measure(phases: int = PHASES) -> Iterator[Ratio]:
    """Whole process against whole process, three rounds in turn, a fresh database each; with and without a cache."""
    with tempfile.TemporaryDirectory(prefix="nexiom-bench") as folder, durable_server() as server:
        root = Path(folder)
        generate_project(root / "project", phases)
        script = root / "all.sql"
        script.write_text("".join(f"begin;\n{text}commit;\n" for text in scripts(phases)))
        names = count(1)

        def psql() -> float:
            name, address = _fresh(server, next(names))
            program = str(server.engine.bin / "psql")
            seconds = run([program, "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(script), address])
            _drop(server, name)
            return seconds

        def nexiom(cache: Path) -> float:
            name, address = _fresh(server, next(names))
            command = [sys.executable, "-m", "nexiom_runner", "apply", "-q", "--target", "given"]
            environ = {**os.environ, "NEXIOM_BENCH_DSN": address, "XDG_CACHE_HOME": str(cache)}
            seconds = run(command, environ, str(root / "project"))
            _drop(server, name)
            return seconds

        def first() -> float:
            return nexiom(root / f"cache-{next(names)}")

        def again() -> float:
            return nexiom(root / "cache")

        again()  # fills the cache, as a `plan` before it would
        cold, warm, theirs = medians(first, again, psql, rounds=3)
        yield Ratio(f"apply of {phases} phases, cache warm", warm, "psql, a transaction a phase", theirs, 1.25)
        yield Ratio(f"apply of {phases} phases, read for the first time", cold, "the same psql", theirs, 1.25)


def _fresh(server: Server, number: int) -> tuple[str, str]:
    name = f"bench_{number}"
    with connect(server.dsn("postgres"), application="benchmark") as session:
        session.send(f'create database "{name}"')
        session.send("checkpoint")  # so that no run pays for the one before
    return name, server.dsn(name)


def _drop(server: Server, name: str) -> None:
    with connect(server.dsn("postgres"), application="benchmark") as session:
        session.send(f'drop database "{name}" with (force)')
