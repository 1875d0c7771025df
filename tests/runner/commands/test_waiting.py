"""Waiting for another runner's lock, and for a server that starts late."""

import time
from threading import Thread

import pytest

from nexiom_runner.apply.lock import hold_lock
from nexiom_runner.database.session import Session, connect


@pytest.fixture
def since(staging, dsn: str):
    """Another runner at work, and since when."""
    with connect(dsn, application="deploy 7") as other, hold_lock(other, "shop", wait=0, said=print):
        yield other.send("select to_char(now() at time zone 'UTC', 'HH24:MI:SS')")[0].rows[0][0]


@pytest.mark.parametrize("command", ["apply", "build"])
def test_runner_that_does_not_wait_says_who_is_at_work(staging, since: str, command: str) -> None:
    ran = staging.run(command, "--wait", "0")
    assert (ran.code, ran.err) == (
        4,
        'error: another runner is at work on project "shop": role nexiom_owner, deploy 7 from this machine, '
        f"since {since} UTC\nhint: Try again when it has ended, or wait longer with --wait 5m.\n",
    )


def test_runner_that_waits_says_so_at_once(staging, since: str) -> None:
    ran = staging.run("apply", "--wait", "200ms")
    assert ran.code == 4
    assert ran.err.startswith(
        "waiting for another runner: role nexiom_owner, deploy 7 from this machine, since " + since
    )


def test_runner_goes_on_once_the_other_has_ended(staging, dsn: str) -> None:
    with connect(dsn, application="deploy 7") as other:
        holding = hold_lock(other, "shop", wait=0, said=print)
        holding.__enter__()
        thread = Thread(target=lambda: (time.sleep(0.3), holding.__exit__(None, None, None)))
        thread.start()
        assert staging.run("apply").code == 0
        thread.join()


def test_nothing_to_do_waits_for_nobody(staging, dsn: str) -> None:
    staging.run("apply")
    with connect(dsn, application="deploy 7") as other, hold_lock(other, "shop", wait=0, said=print):
        assert staging.run("apply", "--wait", "0").code == 0


def test_duration_that_is_none_is_refused(shop) -> None:
    ran = shop.run("apply", "--wait", "5")
    assert (ran.code, ran.out) == (2, "")
    assert "expected a duration such as 500ms, 5s, 2m, 1h or 0, found 5" in ran.err


def test_server_that_does_not_come_is_given_up(shop, monkeypatch) -> None:
    monkeypatch.setenv("NEXIOM_DSN", "postgresql://deployer@127.0.0.1:1/shop")
    ran = shop.run("apply", "--wait-for-server", "600ms")
    assert ran.code == 4
    assert ran.err == (
        'waiting for the server: the server at "127.0.0.1:1" refused the connection\n'
        'error: the server at "127.0.0.1:1" refused the connection\n'
        'detail: connection to server at "127.0.0.1", port 1 failed: Connection refused '
        "Is the server running on that host and accepting TCP/IP connections?\n"
        "hint: Is the server running, and are host and port right?\n"
    )


def test_server_that_starts_late_is_awaited(staging, admin_session: Session, database: str) -> None:
    """A role whose connections are all taken is what a server that has none free looks like."""
    admin_session.send("alter role nexiom_owner connection limit 0")
    thread = Thread(target=lambda: (time.sleep(0.7), admin_session.send("alter role nexiom_owner connection limit -1")))
    thread.start()
    try:
        ran = staging.run("apply", "--wait-for-server", "20s")
    finally:
        thread.join()
    assert ran.code == 0
    assert ran.err.startswith("waiting for the server: the server at ")


def test_limits_of_a_phase_reach_the_server(staging, session: Session) -> None:
    staging.write("phases/1_orders/phase.yml", "title: Orders\nlock_timeout: 1500ms\n")
    staging.write("phases/1_orders/apply.sql", "create table public.seen as select current_setting('lock_timeout');\n")
    staging.remove("phases/2_totals")
    assert staging.run("apply").code == 0
    assert session.send("select * from public.seen")[0].rows == (("1500ms",),)
