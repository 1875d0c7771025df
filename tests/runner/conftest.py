"""A real PostgreSQL for the tests: one server a worker, a fresh copy of the bootstrapped database a test."""

import os
import signal
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.embedded import Running, reset, start
from nexiom_runner.database.leftovers import remove_orphans
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import ADMIN, PRISTINE, dsn

STATES = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp") / f"nexiom-tests-{os.getuid()}"
NUMBERS = count(1)
FORGOTTEN = 15 * 60  # seconds; a server that nobody uses since then was left by tests that were killed

# A busy machine is slow, not wrong; what else the profile says stays, as that in CI examples are the same every time.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# A shell's background job ignores Ctrl-C, and so would every program that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of this worker's own; NEXIOM_TEST_ENGINE is a major version or the folder of an engine's bin."""
    root = tmp_path_factory.mktemp("server")
    engine, environ = os.environ.get("NEXIOM_TEST_ENGINE"), {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}
    remove_orphans(STATES, older_than=time.time() - FORGOTTEN)
    running = start(root, engine, environ=environ)
    yield running
    running.close()
    reset(root, engine, environ=environ)


@pytest.fixture(scope="session")
def server_session(server: Running) -> Iterator[Session]:
    """A superuser's session on the database that no test uses."""
    with connect(server.maintenance_dsn, application="pytest") as session:
        yield session


@pytest.fixture
def database(server_session: Session) -> Iterator[str]:
    """The name of a fresh database, as it is before the first phase; dropped after the test."""
    name = f"test_{next(NUMBERS)}"
    clone_database(server_session, PRISTINE, name)
    yield name
    drop_database(server_session, name)


@pytest.fixture
def dsn_of(server: Running, database: str) -> dict[str, str]:
    """The DSN of the test's database by role."""
    return {role: dsn(server.state, role, database) for role in ("nexiom_owner", ADMIN)}


@pytest.fixture(name="dsn")
def owner_dsn(dsn_of: dict[str, str]) -> str:
    """The test's database as nexiom_owner, as whom phases run."""
    return dsn_of["nexiom_owner"]


@pytest.fixture
def admin_dsn(dsn_of: dict[str, str]) -> str:
    """The test's database as the superuser."""
    return dsn_of[ADMIN]


@pytest.fixture
def session(dsn: str) -> Iterator[Session]:
    """An open session as nexiom_owner."""
    with connect(dsn, application="pytest") as opened:
        yield opened


@pytest.fixture
def admin_session(admin_dsn: str) -> Iterator[Session]:
    """An open session as the superuser."""
    with connect(admin_dsn, application="pytest") as opened:
        yield opened
