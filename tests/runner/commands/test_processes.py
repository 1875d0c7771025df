"""Real processes: two at once, one interrupted, one killed; the ledger stays whole and the next run goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from nexiom_runner.database.session import Session

SLOW = "insert into public.orders values (2, 20);\nselect pg_sleep(30);\n"
ASLEEP = "from pg_stat_activity where query ~ 'pg_sleep.30' and state = 'active' and pid <> pg_backend_pid()"
SLEEPING = f"select count(*) {ASLEEP}"


def started(*arguments: str) -> subprocess.Popen[str]:
    """`python -m nexiom_runner` in the current folder; SIGINT as from a terminal."""
    program = [sys.executable, "-m", "nexiom_runner", *arguments]
    return subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ), start_new_session=True
    )


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def number(session: Session, query: str) -> int:
    return int(session.send(query)[0].rows[0][0])


@pytest.fixture
def slow(staging, session):
    """An apply on its way, asleep in its third phase; ended at the end of the test."""
    staging.write("phases/3_slow/apply.sql", SLOW)
    running = started("apply")
    try:
        wait_until(lambda: running.poll() is not None or number(session, SLEEPING) == 1)
        yield running
    finally:
        running.kill()
        running.communicate()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_apply_rolls_back_and_the_next_goes_on(staging, slow, session, sent, code) -> None:
    slow.send_signal(sent)
    _, told = slow.communicate(timeout=20)
    assert (slow.returncode, told) == (
        code,
        '\ninterrupted\nstate: "3_slow" was rolled back. 2 phases applied before it remain applied. '
        "Running apply again is safe.\n",
    )
    assert (number(session, "select count(*) from public.orders"), number(session, SLEEPING)) == (1, 0)
    staging.write("phases/3_slow/apply.sql", SLOW.replace("30", "0"))
    assert staging.run("build").code == 0


def test_killed_apply_leaves_whole_phases_and_the_next_goes_on(staging, slow, session) -> None:
    slow.kill()
    slow.wait()
    session.send(f"select pg_terminate_backend(pid) {ASLEEP}")
    wait_until(lambda: number(session, SLEEPING) == 0)
    staging.write("phases/3_slow/apply.sql", SLOW.replace("30", "0"))
    ran = staging.run("apply")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("\n1 script applied in T\n")
    assert number(session, "select count(*) from public.orders") == 2


def test_two_at_once_do_the_work_once(staging, session) -> None:
    staging.write("phases/3_short/apply.sql", SLOW.replace("30", "0.3"))
    both = [started("apply", "-q"), started("apply", "-q")]
    ended = [(process.communicate(timeout=60), process.returncode) for process in both]
    assert [code for _, code in ended] == [0, 0], ended
    assert number(session, "select count(*) from nexiom.ledger where event = 'applied'") == 3
    assert number(session, "select count(*) from public.orders") == 2


def test_second_runner_says_whom_it_waits_for(staging, slow) -> None:
    second = started("apply")
    assert second.stderr is not None
    said = second.stderr.readline()
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=20)
    assert said.startswith("waiting for another runner: ")
    assert second.returncode == 130


def test_build_through_the_console_script_as_json(staging) -> None:
    done = started("build", "--format", "json")
    out, err = done.communicate(timeout=60)
    assert (done.returncode, err) == (0, "")
    assert json.loads(out)["verdict"] == "READY"


def test_killed_build_on_the_embedded_server_goes_on(local) -> None:
    local.write("phases/3_slow/apply.sql", "create table public.slow ();\nselect pg_sleep(30);\n")
    running = started("build")
    assert running.stdout is not None
    while " 2_totals applied" not in running.stdout.readline():
        assert running.poll() is None
    running.kill()
    running.communicate()
    local.write("phases/3_slow/apply.sql", "create table public.slow ();\nselect pg_sleep(0);\n")
    ran = local.run("build")
    assert ran.code == 0
    assert all(line.startswith("waiting for another runner: ") for line in ran.err.splitlines())  # not noticed yet
    assert "plan: 1 phase, 2 statements, all transactional\n" in ran.out
