"""Faults at every message of one mixed project: after each, the next apply ends where an undisturbed one does."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from apply_builders import PROJECT, outcomes, run, value
from faulty import END, apply, in_a_process, state
from graph_builders import graph
from mixed import BEFORE, SCRIPTS

from nexiom_runner.apply.ledger import read_history
from nexiom_runner.database.account import choose_account
from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.embedded import start
from nexiom_runner.database.engine import choose_engine
from nexiom_runner.database.process import end_processes, postmaster
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import State, find_state
from nexiom_runner.project.model import Limits
from tests.runner.conftest import STATES

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
ROWS = "insert into public.big select repeat('x', 1000) from generate_series(1, 30000);\n"
APPLY = "import sys; from faulty import apply; sys.exit(130 * apply(sys.argv[1]).startswith('interrupted'))"
ENGINE = os.environ.get("NEXIOM_TEST_ENGINE")
SHARES = 3  # tests among which all messages are divided
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
        return runs_of("faulty.py", kind, dsn, admin_dsn, template, str(first), str(step))

    return work


def runs_of(program: str, *arguments: str, **environ: str) -> list[Run]:
    """What one of the programs beside this file tells."""
    command = [sys.executable, str(Path(__file__).with_name(program)), *arguments]
    known = {**environ, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=known)
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


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
@pytest.mark.parametrize("first", range(SHARES))
@pytest.mark.parametrize("kind", FAULTS)
def test_at_every_message_the_next_apply_ends_where_an_undisturbed_one_does(
    disturb: Callable[..., list[Run]], kind: str, first: int
) -> None:
    runs = disturb(kind, first, SHARES)
    hold(runs, FAULTS[kind])
    assert len(runs) * SHARES > 2 * SEGMENTS


@pytest.fixture
def home(tmp_path: Path) -> Iterator[State]:
    """A server of its own, of the engine that the tests run on; whatever is left of it is ended and removed."""
    environ = {"NEXIOM_STATE_DIR": str(STATES)}
    state = find_state(tmp_path, choose_engine(ENGINE), choose_account(environ), environ)
    yield state
    end_processes(state)
    for folder in (state.folder, state.sockets):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.full
@pytest.mark.parametrize("kind", ["crashed before", "crashed during"])
def test_after_the_server_was_killed_and_started_again_too(home: State, tmp_path: Path, kind: str) -> None:
    environ = {**os.environ, "NEXIOM_STATE_DIR": str(STATES)}
    runs = runs_of("crashing.py", kind, str(tmp_path), ENGINE or "", "3" if "before" in kind else "7", "8", **environ)
    hold(runs, ("unavailable: the connection ", "applied"))
    assert len(runs) > 5


def limit_files(pid: int, size: int) -> None:
    """How large a file the process and those it starts from now on may write, in bytes; as its own user, who may."""
    child = os.fork()
    if not child:
        owner = os.stat(f"/proc/{pid}")
        with suppress(BaseException):
            os.setgid(owner.st_gid)
            os.setuid(owner.st_uid)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="the limits of another process are Linux's")
def test_after_a_file_could_not_grow_too(home: State, tmp_path: Path) -> None:
    big = {"04_big/apply.sql": "create table public.big (t text);\n" + ROWS}
    environ = {"NEXIOM_STATE_DIR": str(STATES)}
    with start(tmp_path, ENGINE, environ=environ) as running:
        found = postmaster(home.data)
        assert found is not None
        limit_files(found[0], 17 * 2**20)  # a segment of the log is 16 MB and must go through
        with connect(running.dsn, application="full") as session:
            ended = outcomes(run(session, {**SCRIPTS, **big}))
        assert ended[-1] == ("04_big/apply.sql", "FAIL")
        assert {outcome for _, outcome in ended[:-1]} == {"PASS"}
        limit_files(found[0], resource.RLIM_INFINITY)
        with connect(running.dsn, application="full") as session:
            assert value(session, "select to_regclass('public.big')") is None
            assert outcomes(run(session, {**SCRIPTS, **big})) == [("04_big/apply.sql", "PASS")]
            assert value(session, "select count(*) from public.big") == "30000"
        once = state(running.dsn)
    assert (once["chain"], once["begun twice"]) == ("None", [])


def wait_until(session: Session, fact: str) -> None:
    """Ask until a query's one value is true."""
    deadline = time.monotonic() + 20
    while value(session, fact) != "t":
        assert time.monotonic() < deadline
        time.sleep(0.005)


WAITING = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"


def test_interrupt_within_a_statement_outside_a_transaction(dsn: str, template: str, session: Session) -> None:
    with connect(dsn, application="shop") as shop:
        shop.send("begin; insert into public.t values (-1, 'shop')")
        child = subprocess.Popen([sys.executable, "-c", APPLY, dsn], env={"PYTHONPATH": ":".join(sys.path)})
        try:
            wait_until(session, WAITING)
            child.send_signal(signal.SIGINT)
            assert child.wait(20) == 130
        finally:
            child.kill()
            child.wait()
        shop.send("rollback")
    assert value(session, "select indisvalid from pg_index where indexrelid = 'public.i'::regclass") == "f"
    assert in_a_process(lambda: apply(dsn)) == "applied"
    left = state(dsn)
    assert (left["chain"], left["begun twice"], left["locks"]) == ("None", [], [])
    assert "CREATE INDEX i ON public.t USING btree (lower(b)) WHERE (a > 1) tt" in left["catalog"]


def test_lock_lost_while_a_long_statement_runs_stops_the_run_behind_it(
    dsn: str, template: str, session: Session, admin_session: Session
) -> None:
    with connect(dsn, application="shop") as shop:
        shop.send("begin; insert into public.t values (-1, 'shop')")
        ended: list[str] = []
        thread = Thread(target=lambda: ended.append(apply(dsn)))
        thread.start()
        wait_until(session, WAITING)
        admin_session.send(f"{END} and application_name like 'nexiom on %'")
        shop.send("rollback")
        thread.join()
    assert ended == [
        'unavailable: the connection that held the lock of project "p" was lost: stopped before statement 5 of '
        "02_mixed/apply.sql"
    ]
    assert in_a_process(lambda: apply(dsn)) == "applied"
    assert state(dsn)["begun twice"] == []


@pytest.mark.full
@pytest.mark.parametrize("later", ["alter table public.t add column c int;\n", "vacuum full public.t;\n"])
def test_application_that_holds_a_lock_for_ten_seconds_is_never_queued_behind_the_migration(
    dsn: str, template: str, later: str
) -> None:
    """Its own queries wait for lock_timeout at most, and a little for the machine; the migration goes through after."""
    timeout, ended = 0.4, list[str]()
    scripts = {**BEFORE, "02_later/apply.sql": later}
    limits = Limits(lock_timeout=400, retries=20)
    thread = Thread(target=lambda: ended.append(apply(dsn, scripts, limits)))
    with connect(dsn, application="shop") as shop, connect(dsn, application="reader") as reader:
        shop.send("begin; select * from public.t")
        thread.start()
        begun, waits = time.monotonic(), []
        while time.monotonic() - begun < 10:
            asked = time.monotonic()
            reader.send("select count(*) from public.t")
            waits.append(time.monotonic() - asked)
            time.sleep(0.01)
        assert ended == []
        shop.send("rollback")
        thread.join()
    assert ended == ["applied"]
    assert max(waits) > timeout / 2  # else nothing was measured
    assert max(waits) < timeout + 1.0
