"""Look for what `make test-all` needs beyond Python and make; say how to get what is missing, and exit with 2."""

import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from nexiom_runner.database.engine import find_engines

ENGINES = {
    15: "Debian 12: apt-get install postgresql-15; macOS: brew install postgresql@15",
    16: "make clean, then make test-all: it comes with the packages",
    18: "make clean, then make test-all: it comes with the packages",
}


def missing() -> dict[str, str]:
    """What is not on this machine, each with the way to get it."""
    found = {engine.major for engine in find_engines()}
    lacking = {f"PostgreSQL {major}": hint for major, hint in ENGINES.items() if major not in found}
    if find_spec("pgparse") is None:
        lacking["pgparse"] = "it has wheels for Linux and for macOS on Apple silicon; run test-all there"
    if shutil.which("pgbouncer") is None and shutil.which("pgbouncer", path="/usr/sbin") is None:
        lacking["pgbouncer"] = "Debian: apt-get install pgbouncer; macOS: brew install pgbouncer"
    if not any((folder / "plpgsql_check.control").exists() for folder in extensions()):
        lacking["plpgsql_check for PostgreSQL 15"] = "Debian: apt-get install postgresql-15-plpgsql-check"
    if shutil.which("git") is None:
        lacking["git"] = "install git"
    return lacking


def extensions() -> Iterator[Path]:
    """Where PostgreSQL 15 looks for extensions: as Debian lays them out, or beside its programs."""
    yield Path("/usr/share/postgresql/15/extension")
    for engine in find_engines():
        if engine.major == 15:
            yield engine.bin.parent / "share/extension"
            yield engine.bin.parent / "share/postgresql/extension"


if __name__ == "__main__":
    for name, hint in (faults := missing()).items():
        sys.stderr.write(f"error: make test-all needs {name}, which was not found\nhint: {hint}\n")
    sys.exit(2 if faults else 0)
