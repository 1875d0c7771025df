"""How a backfill on disk stands to what the ledger says of it."""

from dataclasses import replace

from graph_builders import graph
from plan_builders import CORE, entries, plan, reasons, states

from nexiom_runner.ledger.entry import Event
from nexiom_runner.ledger.fold import State, fold
from nexiom_runner.report.plans import plan_lines

KEY = "02_fill/backfill.sql"
FILL = "update public.core set id = 1 where id in (select id from public.core where id < 0 limit {{ batch }});"
SCRIPTS = {"01_core/apply.sql": CORE, KEY: FILL, "03_more/apply.sql": "create table public.more ();"}
BEGUN = [Event.APPLIED, Event.STARTED]


def history(*events: Event, count: int = 2) -> State:
    """As if each of the first scripts had had these events."""
    written = entries(graph(SCRIPTS), count)
    return fold(replace(entry, event=event) for entry, event in zip(written, events, strict=False))


def test_new_backfill_waits_for_its_phase() -> None:
    made = plan(history(Event.APPLIED, count=1), SCRIPTS)
    assert states(made) == {"01_core/apply.sql": "applied", KEY: "pending", "03_more/apply.sql": "pending"}


def test_backfill_under_way_goes_on_before_later_phases() -> None:
    made = plan(history(*BEGUN), SCRIPTS)
    assert [step.key for step in made.todo] == [KEY, "03_more/apply.sql"]
    assert reasons(made)[KEY] == "begun 2026-11-20 14:02 UTC, goes on"


def test_edited_backfill_blocks_later_phases() -> None:
    for events in (BEGUN, [Event.APPLIED, Event.APPLIED]):
        made = plan(history(*events), {**SCRIPTS, KEY: FILL.replace("< 0", "< 1")})
        assert (states(made)[KEY], states(made)["03_more/apply.sql"]) == ("edited", "blocked")


def test_backfill_under_way_goes_back_on_a_disposable_target() -> None:
    made = plan(history(*BEGUN), SCRIPTS, disposable=True)
    assert (made.back_to, made.back_because) == (1, 'phase "02_fill" is applied in part')


def test_backfill_that_is_not_on_disk_is_missing() -> None:
    made = plan(history(Event.APPLIED, Event.APPLIED), {"01_core/apply.sql": CORE})
    assert states(made)[KEY] == "missing"


def test_backfill_added_to_an_old_phase_says_so() -> None:
    scripts = {**SCRIPTS, "01_core/backfill.sql": FILL}
    state = fold(entry for entry in entries(graph(SCRIPTS), 3))
    assert reasons(plan(state, scripts))["01_core/backfill.sql"] == "new, after later phases were applied"


def test_plan_counts_backfills_apart() -> None:
    assert plan_lines(plan(history(*BEGUN), SCRIPTS), "t") == [
        " ~ 02_fill                           begun 2026-11-20 14:02 UTC, goes on",
        "     backfill.sql                        update core   in batches, each a transaction",
        " + 03_more                           new",
        "     apply.sql                           create table more",
        "",
        "2 phases, 1 statement, all transactional, 1 backfill in batches. Nothing was changed. Apply with `nexiom "
        "apply --target t`.",
    ]


def test_plan_of_backfills_alone_has_no_statements() -> None:
    scripts = {"01_core/apply.sql": CORE, KEY: FILL}
    assert plan_lines(plan(history(*BEGUN), scripts), "t")[-1] == (
        "1 phase, 1 backfill in batches. Nothing was changed. Apply with `nexiom apply --target t`."
    )
