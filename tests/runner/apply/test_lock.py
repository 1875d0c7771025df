"""One runner at a time."""

import time
from threading import Thread

import pytest

from nexiom_runner.apply.lock import hold_lock
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import UnavailableError, describe


def silent(_: str) -> None:
    """Hears and says nothing."""


def holder_of(session: Session) -> str:
    """How the session that holds the lock is called."""
    since = session.send("select to_char(now() at time zone 'UTC', 'HH24:MI:SS')")[0].rows[0][0]
    return f"role nexiom_owner, first from this machine, since {since} UTC"


def test_second_runner_is_told_who_holds_the_lock(dsn: str) -> None:
    with connect(dsn, application="first") as one, connect(dsn, application="second") as two:
        with hold_lock(one, "p", wait=0, said=silent):
            holder = holder_of(one)
            with pytest.raises(UnavailableError) as caught, hold_lock(two, "p", wait=0, said=silent):
                pass
        assert describe(caught.value.faults[0]) == (
            f'error: another runner is at work on project "p": {holder}\n'
            "hint: Try again when it has ended, or wait longer with --wait 5m."
        )
        assert not two.in_transaction


def test_waiter_is_told_once_for_whom_it_waits(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard, pauses = list[str](), list[float]()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise TimeoutError

    monkeypatch.setattr("nexiom_runner.apply.lock.time.sleep", sleep)
    with (
        connect(dsn, application="first") as one,
        connect(dsn, application="second") as two,
        hold_lock(one, "p", wait=0, said=silent),
        pytest.raises(TimeoutError),
        hold_lock(two, "p", wait=60, said=heard.append, poll=0.02),
    ):
        pass
    assert pauses == [0.02] * 3
    assert len(heard) == 1
    assert heard[0].startswith("waiting for another runner: role nexiom_owner, first from this machine, since ")


def test_lock_is_free_again_after_the_work(dsn: str) -> None:
    with connect(dsn, application="first") as one, connect(dsn, application="second") as two:
        with hold_lock(one, "p", wait=0, said=silent):
            assert one.in_transaction
        assert not one.in_transaction
        with hold_lock(two, "p", wait=0, said=silent):
            pass


def test_lock_is_free_again_after_an_error(dsn: str) -> None:
    with connect(dsn, application="first") as one, connect(dsn, application="second") as two:
        with pytest.raises(ZeroDivisionError), hold_lock(one, "p", wait=0, said=silent):
            raise ZeroDivisionError
        with hold_lock(two, "p", wait=0, said=silent):
            pass


def test_waiter_goes_on_when_the_lock_is_free(dsn: str) -> None:
    order: list[str] = []

    def second() -> None:
        with connect(dsn, application="second") as two, hold_lock(two, "p", wait=10, said=order.append, poll=0.02):
            order.append("second")

    with connect(dsn, application="first") as one:
        thread = Thread(target=second)
        with hold_lock(one, "p", wait=0, said=silent):
            thread.start()
            while not order:
                time.sleep(0.01)
            order.append("first")
        thread.join()
    assert order[1:] == ["first", "second"]


def test_lock_that_went_with_its_connection_need_not_be_let_go(dsn: str, admin_session: Session) -> None:
    with connect(dsn, application="first") as one, hold_lock(one, "p", wait=0, said=silent):
        pid = one.send("select pg_backend_pid()")[0].rows[0][0]
        admin_session.send(f"select pg_terminate_backend({pid}, 5000)")
    assert one.closed


def test_other_projects_do_not_wait(dsn: str) -> None:
    with (
        connect(dsn, application="first") as one,
        connect(dsn, application="second") as two,
        hold_lock(one, "p", wait=0, said=silent),
        hold_lock(two, "q", wait=0, said=silent),
    ):
        assert two.in_transaction


def test_lock_outlives_what_the_role_sets(dsn: str, admin_session: Session, database: str) -> None:
    for setting in (
        "idle_in_transaction_session_timeout = '20ms'",
        "statement_timeout = '1ms'",
        "default_transaction_isolation = 'repeatable read'",
    ):
        admin_session.send(f'alter role nexiom_owner in database "{database}" set {setting}')
    with connect(dsn, application="first") as one:
        one.send("set statement_timeout = 0")
        with hold_lock(one, "p", wait=0, said=silent):
            time.sleep(0.1)
            assert one.alive()
            assert one.send("show transaction_isolation")[0].rows == (("read committed",),)


def test_holder_that_may_not_be_seen_is_not_guessed(dsn: str, admin_dsn: str) -> None:
    with (
        connect(admin_dsn, application="first") as one,
        connect(dsn, application="second") as two,
        hold_lock(one, "p", wait=0, said=silent),
        pytest.raises(UnavailableError) as caught,
        hold_lock(two, "p", wait=0, said=silent),
    ):
        pass
    assert caught.value.faults[0].message == (
        'another runner is at work on project "p": superuser postgres, first from a host that this role may not see, '
        "since an unknown time"
    )
