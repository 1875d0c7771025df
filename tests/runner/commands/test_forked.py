"""Half of the work is done beside, and none of it is lost."""

import os
import threading
from collections.abc import Sequence

import pytest

from nexiom_runner.commands.forked import MANY, in_halves

ITEMS = list(range(MANY * 2))


def worked(items: Sequence[int]) -> tuple[int, list[int]]:
    return os.getpid(), list(items)


def test_halves_come_in_order_and_the_second_from_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # xdist has a thread of its own
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    (first, low), (second, high) = in_halves(worked, ITEMS)
    assert low + high == ITEMS
    assert first == os.getpid() != second


def test_what_the_second_process_cannot_do_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    here = os.getpid()

    def work(items: Sequence[int]) -> list[int]:
        if os.getpid() != here:
            os._exit(3)
        return list(items)

    assert [one for half in in_halves(work, ITEMS) for one in half] == ITEMS


def test_little_work_is_not_parted() -> None:
    assert in_halves(worked, ITEMS[:5]) == [(os.getpid(), ITEMS[:5])]


def test_beside_other_threads_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert in_halves(worked, ITEMS) == [(os.getpid(), ITEMS)]
