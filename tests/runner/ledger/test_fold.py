"""The state a history leads to."""

import time
from dataclasses import replace
from typing import Any

from nexiom_runner.ledger.entry import Entry, Event, Where, Who
from nexiom_runner.ledger.fold import EMPTY, fold

WHERE = Where("d", 1, "2", "t")
BASE = Entry(Event.APPLIED, "p", "2026-01-01", "0.1", Who("r"), WHERE, source="s", semantic="m")


def entry(event: Event, script: str | None = None, **fields: Any) -> Entry:
    phase = fields.pop("phase", script.partition("/")[0] if script else None)
    return replace(BASE, event=event, script=script, phase=phase, **fields)


CORE = entry(Event.APPLIED, "01_core/apply.sql")
VIEWS = entry(Event.APPLIED, "02_views/repeatable/v.sql", kind="repeatable")


def test_no_history_is_the_empty_state() -> None:
    assert fold([]).scripts == EMPTY.scripts == {}


def test_applied_script_keeps_its_fingerprints() -> None:
    record = fold([CORE]).scripts["01_core/apply.sql"]
    assert (record.source, record.semantic, record.phase, record.whole) == ("s", "m", "01_core", True)


def test_rerun_takes_the_new_fingerprints() -> None:
    again = replace(VIEWS, event=Event.RERUN, source="s2", semantic="m2")
    record = fold([VIEWS, again]).scripts[VIEWS.script or ""]
    assert (record.source, record.semantic) == ("s2", "m2")


def test_accepted_takes_the_new_fingerprints_and_stays_applied_when_it_was() -> None:
    later = entry(Event.ACCEPTED, "01_core/apply.sql", source="s2", semantic="m2", at="2027-01-01")
    record = fold([CORE, later]).scripts["01_core/apply.sql"]
    assert (record.source, record.semantic, record.at, record.event) == ("s2", "m2", "2026-01-01", "accepted")


def test_reason_of_a_segment_stays_with_the_script() -> None:
    first = replace(CORE, segment=1, segments=2, details={"destructive": "Moved"})
    record = fold([first, replace(CORE, segment=2, segments=2)]).scripts["01_core/apply.sql"]
    assert record.destructive == "Moved"


def test_reason_of_a_run_before_is_not_that_of_the_next() -> None:
    first = replace(VIEWS, details={"destructive": "Moved"})
    assert fold([first, replace(VIEWS, event=Event.RERUN)]).scripts[VIEWS.script or ""].destructive is None


def test_accepting_what_was_never_applied_changes_nothing() -> None:
    assert fold([entry(Event.ACCEPTED, "01_core/apply.sql")]).scripts == {}


def test_baselined_counts_as_applied() -> None:
    assert fold([replace(CORE, event=Event.BASELINED)]).scripts["01_core/apply.sql"].whole


def test_failed_attempt_leaves_what_was_applied() -> None:
    state = fold([VIEWS, replace(VIEWS, event=Event.FAILED, semantic="m2")])
    assert state.scripts[VIEWS.script or ""].semantic == "m"
    assert state.failed == {VIEWS.script}


def test_success_after_a_failure_is_no_longer_failed() -> None:
    assert fold([replace(CORE, event=Event.FAILED), CORE]).failed == frozenset()


def test_retired_phase_is_gone_with_all_its_scripts() -> None:
    state = fold([CORE, VIEWS, entry(Event.RETIRED, phase="01_core")])
    assert list(state.scripts) == [VIEWS.script]
    assert state.retired == {"01_core"}


def test_retired_script_leaves_its_phase() -> None:
    extra = entry(Event.APPLIED, "02_views/repeatable/w.sql")
    state = fold([VIEWS, extra, entry(Event.RETIRED, "02_views/repeatable/w.sql")])
    assert list(state.scripts) == [VIEWS.script]


def test_reverted_phase_is_gone_and_can_come_back() -> None:
    back = entry(Event.REVERTED, "01_core/revert.sql", kind="revert")
    assert fold([CORE, VIEWS, back]).reverted == {"01_core"}
    assert list(fold([CORE, back]).scripts) == []
    assert fold([CORE, back, CORE]).reverted == frozenset()


def test_renamed_phase_keeps_its_history_under_the_new_name() -> None:
    state = fold([CORE, entry(Event.RENAMED, phase="01b_base", renamed_from="01_core")])
    assert state.phases == ("01b_base",)
    assert state.scripts["01b_base/apply.sql"].semantic == "m"


def test_phases_are_in_the_order_they_came() -> None:
    assert fold([VIEWS, CORE, replace(VIEWS, event=Event.RERUN)]).phases == ("02_views", "01_core")


def test_script_with_segments_missing_is_not_whole() -> None:
    first = replace(CORE, segment=1, segments=3)
    state = fold([first, replace(first, event=Event.STARTED, segment=2)])
    record = state.scripts["01_core/apply.sql"]
    assert (record.done, record.started, record.whole) == (1, 2, False)
    done = fold([first, replace(first, segment=2), replace(first, segment=3)]).scripts["01_core/apply.sql"]
    assert (done.started, done.whole) == (None, True)


def test_other_events_change_no_script() -> None:
    events = (Event.WAIVED, Event.DRIFT_ACCEPTED, Event.UPGRADED)
    others = [entry(event, "01_core/apply.sql") for event in events]
    assert fold([CORE, *others]).scripts == fold([CORE]).scripts


def test_three_thousand_entries_fold_in_milliseconds() -> None:
    history = [entry(Event.APPLIED, f"{number:04}_p/apply.sql") for number in range(3000)]
    began = time.process_time()
    fold(history)
    assert time.process_time() - began < 0.05
