"""Faults at every message of one mixed project: after each, the next apply ends where an undisturbed one does."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apply_builders import PROJECT, run
from graph_builders import graph
from mixed import BEFORE, SCRIPTS

from nexiom_runner.apply.ledger import read_history
from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.session import Session, connect

Run = tuple[int, str, str, dict[str, Any]]  # which message, how the disturbed run ended, how the next, what is left
SEGMENTS = sum(len(script.segments) for script in graph(SCRIPTS).scripts)
FAULTS = {
    "killed before": ("killed",),
    "killed during": ("killed",),
    "interrupted before": ("interrupted: ",),
    "interrupted during": ("interrupted: ", "applied"),
    "cut before": ("unavailable: the connection to the server was lost",),
    "cut during": ("unavailable: the connection to the server was lost", "applied"),
    "unlocked before": ("unavailable: the connection that held the lock", "applied"),
    "unlocked during": ("unavailable: the connection that held the lock", "applied"),
    "down during": ("unavailable: the connection ", "applied"),
}
SOME = 13  # of the messages are enough for a quick look, each fault beginning at another one


@pytest.fixture
def template(server_session: Session, dsn: str, database: str) -> Iterator[str]:
    """A database in which the project's first phase is applied as it was."""
    with connect(dsn, application="before") as session:
        run(session, BEFORE)
        assert read_history(session, PROJECT).made
    name = f"{database}_before"
    clone_database(server_session, database, name)
    yield name
    drop_database(server_session, name)


@pytest.fixture
def disturb(dsn: str, admin_dsn: str, template: str) -> Callable[..., list[Run]]:
    """Applies once for each message, and last undisturbed."""

    def work(kind: str, first: int = 0, step: int = 1) -> list[Run]:
        program = [sys.executable, str(Path(__file__).with_name("faulty.py")), kind, dsn, admin_dsn, template]
        environ = {"PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(
            [*program, str(first), str(step)], check=False, capture_output=True, text=True, env=environ
        )
        assert done.returncode == 0, done.stderr
        return [tuple(json.loads(line)) for line in done.stdout.splitlines()]

    return work


def hold(runs: list[Run], foreseen: tuple[str, ...]) -> None:
    """Each next apply ended well and where the undisturbed run did, nothing twice; each fault was told as foreseen."""
    *disturbed, (_, said, after, undisturbed) = runs
    assert (said, after) == ("undisturbed", "applied")
    assert (undisturbed["chain"], undisturbed["begun twice"], undisturbed["locks"]) == ("None", [], [])
    assert [run[:3] for run in disturbed if run[2] != "applied"] == []
    assert [(*run[:2], run[3]) for run in disturbed if run[3] != undisturbed] == []
    assert [run[:2] for run in disturbed if not run[1].startswith(foreseen)] == []


@pytest.mark.parametrize("kind", FAULTS)
def test_next_apply_ends_where_an_undisturbed_one_does(disturb: Callable[..., list[Run]], kind: str) -> None:
    hold(disturb(kind, list(FAULTS).index(kind), SOME), FAULTS[kind])


@pytest.mark.full
@pytest.mark.parametrize("kind", FAULTS)
def test_at_every_message_the_next_apply_ends_where_an_undisturbed_one_does(
    disturb: Callable[..., list[Run]], kind: str
) -> None:
    runs = disturb(kind)
    hold(runs, FAULTS[kind])
    assert len(runs) > 2 * SEGMENTS
