"""A backfill in the ledger: begun once, under way until it is applied, failing without losing its batches."""

from dataclasses import replace
from typing import Any

from ledger_builders import entry

from nexiom_runner.ledger.entry import Entry, Event
from nexiom_runner.ledger.fold import fold

KEY = "01_core/backfill.sql"


def event(what: Event, semantic: str = "a", **fields: Any) -> Entry:
    return replace(entry(KEY), event=what, kind="backfill", semantic=semantic, **fields)


def test_backfill_that_was_started_is_under_way() -> None:
    record = fold([event(Event.STARTED)]).scripts[KEY]
    assert (record.kind, record.whole, record.begun, record.started) == ("backfill", False, "a", 1)


def test_backfill_that_was_applied_is_whole() -> None:
    record = fold([event(Event.STARTED), event(Event.APPLIED)]).scripts[KEY]
    assert (record.whole, record.semantic, record.started) == (True, "a", None)


def test_backfill_that_failed_is_under_way_and_may_be_another() -> None:
    state = fold([event(Event.STARTED), event(Event.FAILED)])
    assert (state.scripts[KEY].whole, state.scripts[KEY].begun) == (False, "")
    assert state.failed == {KEY}


def test_backfill_that_was_begun_again_has_not_failed() -> None:
    state = fold([event(Event.STARTED), event(Event.FAILED), event(Event.STARTED, "b")])
    assert (state.scripts[KEY].begun, state.failed) == ("b", frozenset())


def test_backfill_that_somebody_resolved_runs_again_or_is_done() -> None:
    part = {"segment": 1, "segments": 1}
    assert fold([event(Event.STARTED), event(Event.FAILED, **part)]).scripts[KEY].begun == ""
    assert fold([event(Event.STARTED), event(Event.APPLIED, **part)]).scripts[KEY].whole


def test_failed_entry_behind_an_applied_backfill_leaves_it() -> None:
    state = fold([event(Event.STARTED), event(Event.APPLIED), event(Event.FAILED)])
    assert state.scripts[KEY].whole
