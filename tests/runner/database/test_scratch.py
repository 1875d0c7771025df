"""A server for one run leaves nothing behind."""

import os
from pathlib import Path

import pytest

from nexiom_runner.database.embedded import Running
from nexiom_runner.database.process import answers
from nexiom_runner.database.scratch import scratch_server
from nexiom_runner.database.session import connect

STATES = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp") / f"nexiom-tests-{os.getuid()}"
ENVIRON = {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}


def test_it_is_a_server_of_its_own(server: Running) -> None:
    with scratch_server(server.engine, ENVIRON) as running:
        with connect(running.maintenance_dsn, application="t") as session:
            session.send("create role only_here")
        assert running.state.folder != server.state.folder


def test_it_is_gone_with_the_block(server: Running) -> None:
    def fail() -> None:
        with scratch_server(server.engine, ENVIRON) as running:
            seen.append(running)
            raise LookupError

    seen: list[Running] = []
    with pytest.raises(LookupError):
        fail()
    assert not answers(seen[0].state)
    assert not seen[0].state.folder.exists()
