"""Each transaction is composed while the one before it runs, and only the last commit waits for the disk."""

import time

import pytest
from apply_builders import NOW, PROJECT, outcomes, run, runner, unchanged, values
from graph_builders import graph

from nexiom_runner.apply.ahead import FRESH, Composed
from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.ledger import read_history, read_links
from nexiom_runner.apply.message import Message
from nexiom_runner.database.session import Session
from nexiom_runner.ledger.chain import check
from nexiom_runner.plan.make import make_plan

THREE = {f"0{number}_a/apply.sql": f"create table public.t{number} (id int);" for number in (1, 2, 3)}
WAITS = {
    key: f"create table public.w{number} as select current_setting('synchronous_commit') as word;"
    for number, key in enumerate(THREE)
}


def composed(**fields: object) -> Composed:
    known = {"script": "01_a/apply.sql", "at": 0, "previous": "0" * 64, "made": time.monotonic(), **fields}
    message = Message("", 0, 0, 1, ((0, 0, True),), 0)
    return Composed(mark="", message=message, text="", hash="", **known)  # type: ignore[arg-type]


def test_chain_of_what_was_composed_ahead_holds(session: Session) -> None:
    assert [outcome for _, outcome in outcomes(run(session, THREE))] == ["PASS"] * 3
    links = read_links(session, PROJECT)
    assert len(links) == 3
    assert check(links) is None


@pytest.mark.parametrize(
    "fields",
    [{"script": "02_b/apply.sql"}, {"at": 1}, {"previous": "1" * 64}, {"made": time.monotonic() - FRESH - 1}],
    ids=["another script", "another segment", "another head", "an old time"],
)
def test_what_was_composed_for_something_else_is_not_sent(fields: dict[str, object]) -> None:
    assert composed().fits("01_a/apply.sql", 0, "0" * 64)
    assert not composed(**fields).fits("01_a/apply.sql", 0, "0" * 64)


def test_only_the_last_commit_waits_for_the_disk(session: Session) -> None:
    session.send("set synchronous_commit = local")
    run(session, WAITS)
    assert values(session, "select word from w0 union all select word from w1 union all select word from w2") == [
        "off",
        "off",
        "local",
    ]


def test_run_that_is_left_early_waits_for_the_disk(session: Session) -> None:
    made, known = graph(THREE), read_history(session, PROJECT)
    results = apply_plan(session, make_plan(made, known.state), made, known, runner(session), reveal=unchanged)
    next(results)
    before = session.round_trips
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert session.round_trips == before + 1


def test_run_that_fails_waits_with_the_entry_of_the_failure(session: Session) -> None:
    broken = {**THREE, "02_a/apply.sql": "select nothing_like_it;"}
    results = run(session, broken)
    assert [outcome for _, outcome in outcomes(results)] == ["PASS", "FAIL", "BLOCKED"]
    assert NOW.isoformat()[:10] in read_links(session, PROJECT)[-1].entry


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_what_fails_meanwhile_cancels_the_message(session: Session, kind: type[BaseException]) -> None:
    def fails() -> None:
        raise kind

    began = time.monotonic()
    with pytest.raises(kind):
        session.send("select pg_sleep(30)", meanwhile=fails)
    assert time.monotonic() - began < 5
    assert values(session, "select 'usable'") == ["usable"]
