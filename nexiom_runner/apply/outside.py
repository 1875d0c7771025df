"""What a plan says of statements outside of any transaction: how long each may wait, and who sees to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from nexiom_runner.apply.timeouts import UNSTATED, in_force, spelled
from nexiom_runner.plan.model import Plan, PlannedStatement, Step
from nexiom_runner.project.outline import Limits

if TYPE_CHECKING:
    from nexiom_runner.project.model import Phase


@dataclass(frozen=True, slots=True)
class Outside:
    """One such statement, and the limits that hold for its phase."""

    step: Step
    statement: PlannedStatement
    limits: Limits


def find_outside(plan: Plan, target: Limits, phases: Callable[[], Iterable[Phase]]) -> tuple[Outside, ...]:
    """Those that would run, in order. `phases` are asked for their limits only where there is one."""
    lone = [(step, each) for step in plan.todo for each in step.statements if not each.transactional]
    limits = {phase.name: phase.limits for phase in phases()} if lone else {}
    return tuple(Outside(step, each, in_force(target, limits.get(step.phase, UNSTATED))) for step, each in lone)


def outside_lines(found: Iterable[Outside], *, direct: bool) -> Iterator[str]:
    """A sentence for each stretch of statements with the same limits; `direct`: on a connection of their own."""
    for limits, alike in groupby(found, key=lambda one: one.limits):
        yield f"{_subject(len(list(alike)), direct=direct)}: {_given_up(limits, direct=direct)}"


def outside_data(found: Iterable[Outside], *, direct: bool) -> list[dict[str, Any]]:
    """The same as data; durations in milliseconds, 0 is for ever."""
    return [_data(one, direct) for one in found]


def _data(one: Outside, direct: bool) -> dict[str, Any]:
    assert one.step.script is not None
    return {
        "script": one.step.key,
        "place": str(one.step.script.rendered.place(one.statement.offset)),
        "label": one.statement.label,
        "connection": "direct" if direct else "shared",
        "lock_timeout": one.limits.lock_timeout,
        "wait_for_transactions": one.limits.wait_for_transactions,
        "enforced_by": "server and watcher" if direct else "watcher",
    }


def _subject(size: int, *, direct: bool) -> str:
    runs, them = ("1 statement runs", "it") if size == 1 else (f"{size} statements run", "them")
    if direct:
        return f"{runs} outside a transaction, on a connection of {'its' if size == 1 else 'their'} own"
    return f"{runs} outside a transaction, where no lock_timeout can be set for {them} without a direct_dsn"


def _given_up(limits: Limits, *, direct: bool) -> str:
    waits = ((limits.lock_timeout, "a lock"), (limits.wait_for_transactions, "older transactions to end"))
    said = [f"{spelled(limit)} for {what}" for limit, what in waits if limit]
    if not said:
        return "nothing cancels what waits there"
    return f"{'given up after waiting' if direct else 'a watcher cancels what waits'} {' or '.join(said)}"
