"""A statement outside of any transaction that waits: cancelled where others queue behind it, told where nobody does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Thread

import pytest
from apply_builders import PROJECT, failure, outcomes, runner, unchanged, value, values
from graph_builders import graph

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import read_history
from nexiom_runner.apply.lock import hold_lock, renew
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.apply.watch import Alone, Watch, watching
from nexiom_runner.database.session import Session, connect
from nexiom_runner.plan.make import make_plan
from nexiom_runner.project.model import Limits
from nexiom_runner.results import Result

TABLE = {"01_a/apply.sql": "create table public.t (a int);\ninsert into public.t values (1);\n"}
BUILD = {**TABLE, "02_i/apply.sql": "create index concurrently i on public.t (a);\n"}
QUICK = Limits(lock_timeout=200, retries=1, wait_for_transactions=60_000)
VALID = "select indisvalid from pg_index where indexrelid = 'public.i'::regclass"


@dataclass
class Heard:
    """What is said; `then` is rolled back instead of the first pause."""

    said: list[str] = field(default_factory=list)
    then: Session | None = None

    def sleep(self, _: float) -> None:
        if self.then is not None:
            self.then.send("rollback")


def run(session: Session, scripts: dict[str, str], patience: Patience) -> list[Result]:
    made, history = graph(scripts), read_history(session, PROJECT)
    plan = make_plan(made, history.state)
    return list(apply_plan(session, plan, made, history, runner(session), reveal=unchanged, patience=patience))


@contextmanager
def watched(dsn: str, heard: Heard, limits: Limits = QUICK) -> Iterator[Patience]:
    """Patience with a watch on a connection of its own, as a run's."""
    with (
        connect(dsn, application="lock") as lock,
        hold_lock(lock, PROJECT, wait=0, said=heard.said.append),
        watching(lock, 0.05, heard.said.append, partial(renew, lock, PROJECT)) as watch,
    ):
        yield Patience(limits, said=heard.said.append, watch=watch, sleep=heard.sleep, random=lambda: 0.0)


@pytest.fixture
def shop(session: Session, dsn: str) -> Iterator[Session]:
    """An application in the middle of a transaction; the table is there."""
    run(session, TABLE, Patience())
    with connect(dsn, application="shop") as other:
        other.send("begin")
        yield other


def of(shop: Session) -> str:
    """How the application is called in what is said."""
    pid = value(shop, "select pg_backend_pid()")
    since = value(shop, "select to_char(now() at time zone 'UTC', 'HH24:MI:SS')")
    return (
        f"role nexiom_owner, shop from this machine, pid {pid}, idle in transaction, in a transaction since {since} UTC"
    )


def test_statement_that_waits_for_a_lock_is_cancelled_and_tried_again(
    session: Session, dsn: str, shop: Session
) -> None:
    shop.send("lock table public.t")
    heard, blocker = Heard(then=shop), of(shop)
    with watched(dsn, heard) as patience:
        assert outcomes(run(session, BUILD, patience)) == [("02_i/apply.sql", "PASS")]
    assert heard.said == [
        f'phase "02_i" waited 0.2 s for a lock held by {blocker}; attempt 1 of 2, again in 0.5 s',
    ]
    assert value(session, VALID) == "t"
    assert values(session, "select event from nexiom.ledger order by number") == ["applied", "started", "applied"]


def test_statement_that_waits_for_a_lock_to_the_end_says_for_whom(session: Session, dsn: str, shop: Session) -> None:
    shop.send("lock table public.t")
    blocker = of(shop)
    with watched(dsn, Heard(), replace(QUICK, retries=0)) as patience:
        told = failure(run(session, BUILD, patience))
    assert told == (
        'error: phase "02_i" failed: canceling statement due to user request\n'
        "  phases/02_i/apply.sql:1:1\n"
        "    1 | create index concurrently i on public.t (a);\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 57014 in statement 1 of 1. Tried once; the last time it waited 0.2 s for "
        f"a lock held by {blocker}, and was cancelled.\n"
        "state: What statement 1 of 1 left, which runs outside a transaction, is looked for by the next apply. "
        "1 phase applied before it remains applied. Running apply again is safe."
    )


def test_application_does_not_queue_behind_a_statement_outside_a_transaction(
    session: Session, dsn: str, shop: Session
) -> None:
    shop.send("select * from public.t")
    full = {**TABLE, "02_v/apply.sql": "vacuum full public.t;\n"}
    with watched(dsn, Heard(), replace(QUICK, lock_timeout=400, retries=0)) as patience:
        thread = Thread(target=run, args=(session, full, patience))
        thread.start()
        with connect(dsn, application="reader") as reader:
            while value(reader, "select count(*) from pg_locks where not granted") == "0":
                time.sleep(0.01)
            begun = time.monotonic()
            reader.send("select * from public.t")
            waited = time.monotonic() - begun
        thread.join()
    assert 0.05 < waited < 2


def test_wait_for_older_transactions_is_told_and_not_cancelled(session: Session, dsn: str, shop: Session) -> None:
    shop.send("insert into public.t values (2)")
    heard, blocker = Heard(), of(shop)
    with watched(dsn, heard) as patience:
        thread = Thread(target=lambda: (time.sleep(0.8), shop.send("commit")))
        thread.start()
        assert outcomes(run(session, BUILD, patience)) == [("02_i/apply.sql", "PASS")]
        thread.join()
    assert heard.said == [
        'phase "02_i": "create index i on t" waits for older transactions to end, for at most 1 min; nobody waits '
        f"behind it: of {blocker}"
    ]


def test_wait_for_older_transactions_has_an_end(session: Session, dsn: str, shop: Session) -> None:
    shop.send("insert into public.t values (2)")
    blocker = of(shop)
    with watched(dsn, Heard(), replace(QUICK, wait_for_transactions=400)) as patience:
        (failed,) = (each for each in run(session, BUILD, patience) if each.outcome == "FAIL")
    assert failed.detail == (
        "PostgreSQL reported SQLSTATE 57014 in statement 1 of 1. It waited 0.4 s for older transactions to end, of "
        f"{blocker}, and was cancelled; wait_for_transactions says how long it may."
    )
    assert value(session, VALID) == "f"
    shop.send("rollback")
    assert outcomes(run(session, BUILD, Patience())) == [("02_i/apply.sql", "PASS")]
    assert value(session, VALID) == "t"


def test_server_ends_the_wait_where_nobody_looks_on(session: Session, shop: Session) -> None:
    shop.send("lock table public.t")
    patience = Patience(replace(QUICK, retries=0, wait_for_transactions=300))
    assert failure(run(session, BUILD, patience)).startswith(
        'error: phase "02_i" failed: canceling statement due to lock timeout\n'
    )
    assert value(session, "show lock_timeout") == "0"


@pytest.mark.parametrize(
    ("statement", "limit"),
    [
        ("vacuum public.t", "200ms"),
        ("reindex schema public", "200ms"),
        ("create index concurrently i on public.t (a)", "75s"),
        ("reindex (concurrently) table public.t", "75s"),
    ],
)
def test_connection_of_its_own_has_the_lock_timeout_that_suits(
    session: Session, monkeypatch: pytest.MonkeyPatch, statement: str, limit: str
) -> None:
    run(session, TABLE, Patience())
    seen: list[str | None] = []
    send = Session.send

    def spied(self: Session, text: str) -> object:
        if text.startswith("/* nexiom"):
            seen.append(value(self, "show lock_timeout"))
        return send(self, text)

    monkeypatch.setattr(Session, "send", spied)
    run(session, {**TABLE, "02_s/apply.sql": statement}, Patience(QUICK))
    assert seen == [limit]


def test_build_that_waits_for_the_look_itself_goes_on(session: Session, dsn: str) -> None:
    run(session, TABLE, Patience())
    with connect(dsn, application="lock") as lock, hold_lock(lock, PROJECT, wait=0, said=unchanged):
        lock.send("declare c cursor for select 1")  # a snapshot, as of a question that takes long
        with watching(lock, 0.05, renew=partial(renew, lock, PROJECT)) as watch:
            assert outcomes(run(session, BUILD, Patience(QUICK, watch=watch))) == [("02_i/apply.sql", "PASS")]
            assert watch.held()
        locked = "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
        assert value(lock, locked) == "1"


def test_lock_that_another_took_meanwhile_is_lost(dsn: str) -> None:
    with connect(dsn, application="lock") as lock:
        watch = Watch(lock, 0.05, renew=lambda: False)
        watch._hold_anew()
        assert not watch.held()


def test_each_message_of_a_run_is_seen(dsn: str, session: Session, shop: Session) -> None:
    shop.send("lock table public.t")
    with watched(dsn, Heard()) as patience:
        watch = patience.watch
        assert watch is not None
        for mark in ("first", "second"):
            watch.begins(mark)
            with pytest.raises(Exception, match="lock timeout"):
                session.send(f"/* {mark} */ set local lock_timeout = '400ms'; table public.t")
            assert watch.blockers, mark
            watch.ends()


def test_lock_outlives_a_statement_that_may_not_be_cancelled(
    dsn: str, session: Session, admin_session: Session, shop: Session
) -> None:
    shop.send("lock table public.t")
    admin_session.send("grant pg_read_all_stats to nexiom_owner")
    with connect(dsn, application="lock") as lock:
        lock.send("begin; select pg_advisory_xact_lock(7)")
        watch = Watch(lock, 0.05)
        watch.begins("mark", Alone("it", 0.01, 0.01))
        waiting = Thread(target=lambda: admin_session.send("select 'mark'; select * from public.t"))
        waiting.start()
        while not watch.blockers:
            time.sleep(0.02)
            watch._look("mark")
        watch._look("mark")
        shop.send("rollback")
        waiting.join()
        admin_session.send("revoke pg_read_all_stats from nexiom_owner")
        assert watch.given_up is None
        assert watch.held()
        assert (
            value(lock, "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()") == "1"
        )
