"""The reference project's checks notice nearly every change of what it built."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def world() -> Iterator[dict[str, str]]:
    shm = Path("/dev/shm")
    states = Path(tempfile.mkdtemp(prefix="nexiom-", dir=shm if shm.is_dir() else None))
    states.chmod(0o755)
    world = {**os.environ, "NEXIOM_STATE_DIR": str(states)}
    yield world
    nexiom(world, "db", "reset")
    shutil.rmtree(states, ignore_errors=True)


def nexiom(world: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nexiom_runner", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=world, capture_output=True, text=True, check=False)


@pytest.mark.full
def test_at_least_95_percent_of_the_mutants_are_noticed(world: dict[str, str]) -> None:
    assert nexiom(world, "apply", "-q").returncode == 0
    done = nexiom(world, "test", "--mutate", "--min-noticed", "95")
    assert done.returncode == 0, done.stdout + done.stderr
