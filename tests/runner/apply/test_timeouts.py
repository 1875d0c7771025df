"""A script gives up waiting for the locks of others, says for whom it waited, and is tried again."""

from dataclasses import dataclass, field, replace
from threading import Thread

import pytest
from apply_builders import CORE, PROJECT, failure, outcomes, runner, unchanged, value
from graph_builders import graph
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import read_history
from nexiom_runner.apply.timeouts import DEFAULTS, LONGEST_PAUSE, Patience, claim_of, in_force, pause
from nexiom_runner.apply.watch import watching
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import ServerReport, UnavailableError, describe
from nexiom_runner.plan.make import make_plan
from nexiom_runner.project.model import Limits
from nexiom_runner.results import Result

ALTER = {**CORE, "02_more/apply.sql": "select 1;\nalter table public.core add column more int;\n"}
QUICK = Limits(lock_timeout=100, retries=2)
VAIN = ServerReport("55P03", "ERROR", "canceling statement due to lock timeout")


@dataclass
class Heard:
    """What is said, how long is slept, and what is done instead of sleeping."""

    said: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    after: int = 99
    then: Session | None = None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.then is not None and len(self.slept) == self.after:
            self.then.send("rollback")

    def patience(self, limits: Limits = QUICK) -> Patience:
        return Patience(limits, said=self.said.append, sleep=self.sleep, random=lambda: 0.0)


def run(session: Session, scripts: dict[str, str], patience: Patience) -> list[Result]:
    made, history = graph(scripts), read_history(session, PROJECT)
    plan = make_plan(made, history.state)
    return list(apply_plan(session, plan, made, history, runner(session), reveal=unchanged, patience=patience))


@pytest.fixture
def busy(session: Session, dsn: str) -> Session:
    """An application that reads the table and leaves its transaction open."""
    run(session, CORE, Patience())
    with connect(dsn, application="shop") as other:
        other.send("begin; select * from public.core")
        yield other


def test_script_that_waited_in_vain_is_tried_again(session: Session, busy: Session) -> None:
    heard = Heard(after=2, then=busy)
    assert outcomes(run(session, ALTER, heard.patience())) == [("02_more/apply.sql", "PASS")]
    assert heard.said == [
        'phase "02_more" waited 0.1 s for a lock; attempt 1 of 3, again in 0.5 s',
        'phase "02_more" waited 0.1 s for a lock; attempt 2 of 3, again in 1.0 s',
    ]
    assert heard.slept == [0.5, 1.0]
    assert value(session, "select count(*) from nexiom.ledger") == "2"


def test_script_that_waits_to_the_end_fails_with_its_place_and_state(session: Session, busy: Session) -> None:
    assert failure(run(session, ALTER, Heard().patience(replace(QUICK, retries=0)))) == (
        'error: phase "02_more" failed: canceling statement due to lock timeout\n'
        "  phases/02_more/apply.sql:2:1\n"
        "    2 | alter table public.core add column more int;\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 55P03 in statement 2 of 2. Tried once; the last time it waited 0.1 s for "
        "a lock.\n"
        'state: "02_more" was rolled back. 1 phase applied before it remains applied. Running apply again is safe.'
    )


def test_who_held_the_lock_is_named(session: Session, busy: Session, dsn: str) -> None:
    pid = value(busy, "select pg_backend_pid()")
    since = value(busy, "select to_char(now() at time zone 'UTC', 'HH24:MI:SS')")
    heard = Heard()
    with connect(dsn, application="lock") as lock, watching(lock, 0.05) as watch:
        results = run(session, ALTER, replace(heard.patience(Limits(400, retries=1)), watch=watch))
    blocker = (
        f"role nexiom_owner, shop from this machine, pid {pid}, idle in transaction, in a transaction since {since} UTC"
    )
    assert heard.said == [f'phase "02_more" waited 0.4 s for a lock held by {blocker}; attempt 1 of 2, again in 0.5 s']
    (failed,) = (result for result in results if result.outcome == "FAIL")
    assert failed.detail == (
        "PostgreSQL reported SQLSTATE 55P03 in statement 2 of 2. Tried 2 times; the last time it waited 0.4 s for a "
        f"lock held by {blocker}."
    )


def test_application_does_not_queue_behind_a_script_that_waits(session: Session, busy: Session, dsn: str) -> None:
    thread = Thread(target=run, args=(session, ALTER, Heard().patience(Limits(300, retries=0))))
    with connect(dsn, application="reader") as reader:
        thread.start()
        reader.send("set statement_timeout = '5s'; select * from public.core")  # would fail with 57014
    thread.join()


def test_deadlock_is_tried_again() -> None:
    heard, report = Heard(), ServerReport("40P01", "ERROR", "deadlock detected")
    assert heard.patience().again("1_a", report, 1)
    assert heard.said == ['phase "1_a" was the victim of a deadlock; attempt 1 of 3, again in 0.5 s']
    assert heard.patience().why("1_a", report, 3) == "Tried 3 times; the last time it was the victim of a deadlock."


def test_lock_that_is_refused_at_once_is_tried_again() -> None:
    heard, report = Heard(), ServerReport("55P03", "ERROR", 'could not obtain lock on relation "core"')
    assert heard.patience().again("1_a", report, 1)
    assert heard.said == [
        'phase "1_a" could not have a lock: could not obtain lock on relation "core"; attempt 1 of 3, again in 0.5 s'
    ]


def test_other_errors_are_not_tried_again() -> None:
    heard, report = Heard(), ServerReport("42P01", "ERROR", "no such thing")
    assert not heard.patience().again("1_a", report, 1)
    assert heard.patience().why("1_a", report, 1) is None
    assert (heard.said, heard.slept) == ([], [])


def test_attempts_end_with_the_retries() -> None:
    heard = Heard()
    assert [heard.patience().again("1_a", VAIN, attempt) for attempt in (1, 2, 3)] == [True, True, False]


def test_statement_that_runs_too_long_fails(session: Session) -> None:
    patience = Patience(Limits(statement_timeout=50))
    (result,) = run(session, {"01_slow/apply.sql": "select pg_sleep(5);"}, patience)
    assert result.message == 'phase "01_slow" failed: canceling statement due to statement timeout'


def test_phase_states_its_own_limits(session: Session, busy: Session) -> None:
    patience = replace(Heard().patience(Limits(60_000, retries=5)), phases={"02_more": Limits(50, retries=0)})
    assert outcomes(run(session, ALTER, patience)) == [("02_more/apply.sql", "FAIL")]


def test_phase_comes_before_target_and_target_before_the_defaults() -> None:
    assert in_force(Limits(1, None, 3, 9), Limits(None, 7, 0)) == Limits(1, 7, 0, 9)
    assert in_force(Limits(), Limits()) == DEFAULTS


def test_script_sees_its_limits(session: Session) -> None:
    script = (
        "create table public.seen as select current_setting('lock_timeout') l, current_setting('statement_timeout') s;"
    )
    run(session, {"01_a/apply.sql": script}, Patience(Limits(1_500, 90_000)))
    assert session.send("select l, s from public.seen")[0].rows == (("1500ms", "90s"),)
    assert value(session, "select current_setting('lock_timeout')") == "0"


@given(st.integers(1, 1_000), st.floats(0, 1))
def test_pauses_grow_and_differ_within_bounds(attempt: int, chance: float) -> None:
    assert 0.25 <= pause(attempt, chance) <= LONGEST_PAUSE
    assert pause(attempt, 1.0) == pause(attempt, 0.0) / 2
    assert pause(attempt, chance) <= pause(attempt + 1, chance)


def test_claimed_lock_is_one_for_the_transaction(session: Session, dsn: str) -> None:
    patience = replace(Heard().patience(replace(QUICK, retries=0)), claim=session.written(claim_of(PROJECT)))
    assert outcomes(run(session, CORE, patience)) == [("01_core/apply.sql", "PASS")]
    with connect(dsn, application="another") as other, other.transaction():
        other.send(session.written(claim_of(PROJECT)))
        with pytest.raises(UnavailableError) as caught:
            run(session, ALTER, patience)
    assert describe(caught.value.faults[0]) == (
        'error: another runner is at work on project "p"\n'
        'state: "02_more" was rolled back. 1 phase applied before it remains applied. Running apply again is safe.\n'
        "hint: Try again when it has ended."
    )
