"""A plan says how long each statement outside of any transaction may wait, and who sees to it."""

from collections.abc import Iterable
from dataclasses import replace

from graph_builders import graph, phase

from nexiom_runner.apply.outside import Outside, find_outside, outside_data, outside_lines
from nexiom_runner.apply.timeouts import spelled
from nexiom_runner.ledger.fold import EMPTY
from nexiom_runner.plan.make import make_plan
from nexiom_runner.project.model import Limits, Phase

SCRIPTS = {
    "01_a/apply.sql": "create table public.t (a int);\nvacuum public.t;\n",
    "02_b/apply.sql": "create index concurrently i on public.t (a);\n",
}


def found(target: Limits, *phases: Phase, scripts: dict[str, str] | None = None) -> tuple[Outside, ...]:
    return find_outside(make_plan(graph(scripts or SCRIPTS), EMPTY), target, lambda: phases)


def test_without_a_way_around_the_pooler_a_watcher_cancels() -> None:
    assert list(outside_lines(found(Limits()), direct=False)) == [
        "2 statements run outside a transaction, where no lock_timeout can be set for them without a direct_dsn: a "
        "watcher cancels what waits 5 s for a lock or 1 h for older transactions to end"
    ]


def test_phases_with_limits_of_their_own_are_told_apart() -> None:
    own = replace(phase("02_b"), limits=Limits(lock_timeout=500, wait_for_transactions=0))
    assert list(outside_lines(found(Limits(wait_for_transactions=600_000), own), direct=True)) == [
        "1 statement runs outside a transaction, on a connection of its own: given up after waiting 5 s for a lock or "
        "10 min for older transactions to end",
        "1 statement runs outside a transaction, on a connection of its own: given up after waiting 0.5 s for a lock",
    ]


def test_limits_of_nothing_cancel_nothing() -> None:
    (line,) = outside_lines(found(Limits(0, wait_for_transactions=0)), direct=False)
    assert line.endswith(": nothing cancels what waits there")


def test_same_as_data() -> None:
    assert outside_data(found(Limits())[:1], direct=False) == [
        {
            "script": "01_a/apply.sql",
            "place": "phases/01_a/apply.sql:2:1",
            "label": "vacuum t",
            "connection": "shared",
            "lock_timeout": 5_000,
            "wait_for_transactions": 3_600_000,
            "enforced_by": "watcher",
        }
    ]


def test_phases_are_not_read_where_every_statement_is_in_a_transaction() -> None:
    def phases() -> Iterable[Phase]:
        raise AssertionError

    plan = make_plan(graph({"01_a/apply.sql": "select 1;"}), EMPTY)
    assert find_outside(plan, Limits(), phases) == ()


def test_durations_are_spelled_as_people_write_them() -> None:
    durations = (500, 5_000, 90_000, 120_000, 7_200_000, 0)
    assert [spelled(each) for each in durations] == ["0.5 s", "5 s", "90 s", "2 min", "2 h", "0 s"]
