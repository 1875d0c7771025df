"""A project's own embedded server for tests that start, kill and stop one, on every engine that is here."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nexiom_runner.database.account import choose_account
from nexiom_runner.database.embedded import Running, start
from nexiom_runner.database.engine import choose_engine
from nexiom_runner.database.process import end_processes, postmaster
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import State, find_state
from tests.runner.conftest import STATES

DEBIAN = Path("/usr/lib/postgresql/15/bin")
ENGINES = ("18", "16", *([str(DEBIAN)] if DEBIAN.is_dir() else []))


@dataclass
class Home:
    """A project folder with its embedded server, and runners beside this process that use it."""

    root: Path
    engine: str
    environ: dict[str, str]
    runners: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def state(self) -> State:
        return find_state(self.root, choose_engine(self.engine), choose_account(self.environ), self.environ)

    def start(self, *, keep: bool = False) -> Running:
        return start(self.root, self.engine, environ=self.environ, keep=keep)

    def runner(self, program: str = "runner.py") -> subprocess.Popen[str]:
        """Another process that uses the server until its input ends."""
        command = [sys.executable, str(Path(__file__).with_name(program)), str(self.root), self.engine]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **self.environ}
        )
        self.runners.append(process)
        return process

    def kill_server(self) -> int:
        """kill -9 of the postmaster; its pid."""
        found = postmaster(self.state.data)
        assert found is not None
        os.kill(found[0], signal.SIGKILL)
        return found[0]


def query(running: Running, text: str) -> str | None:
    """The first value of a statement on the project's database."""
    with connect(running.dsn, application="pytest") as session:
        return session.send(text)[0].rows[0][0]


def eventually(fact: object, timeout: float = 10.0) -> bool:
    """Whether a callable comes to be true in time."""
    assert callable(fact)
    deadline = time.monotonic() + timeout
    while not fact():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.strip("/").split("/")[-2] if "/" in engine else engine)
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A project of its own on each engine; whatever it leaves is killed and removed."""
    made = Home(tmp_path, request.param, {"NEXIOM_STATE_DIR": str(STATES)})
    yield made
    clear(made)


@pytest.fixture
def one_home(tmp_path: Path) -> Iterator[Home]:
    """A project on the newest engine only."""
    made = Home(tmp_path, ENGINES[0], {"NEXIOM_STATE_DIR": str(STATES)})
    yield made
    clear(made)


@pytest.fixture
def fresh_states() -> Iterator[Path]:
    """A folder for states with nothing in it yet: no engine linked, no data directory to copy."""
    folder = STATES.with_name(f"{STATES.name}-{os.getpid()}")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def clear(home: Home) -> None:
    for runner in home.runners:
        runner.kill()
        runner.communicate()
    end_processes(home.state)
    shutil.rmtree(home.state.folder, ignore_errors=True)
    shutil.rmtree(home.state.sockets, ignore_errors=True)


def admin(running: Running) -> Session:
    """A superuser's session beside the project's database."""
    return connect(running.maintenance_dsn, application="pytest")
