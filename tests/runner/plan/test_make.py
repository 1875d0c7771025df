"""Each script on disk against what the ledger says of it."""

import json
import time
from dataclasses import replace

import pytest
from graph_builders import graph
from plan_builders import AT, BASE, CORE, LEADS, SCRIPTS, VIEW, applied, entries, plan, reasons, states

from nexiom_runner.errors import UsageError, describe
from nexiom_runner.ledger.entry import Entry, Event
from nexiom_runner.ledger.fold import EMPTY, fold
from nexiom_runner.plan.data import plan_data
from nexiom_runner.plan.make import from_state, make_plan

EDITED = {**SCRIPTS, "01_core/apply.sql": "create table public.core (id bigint);"}
COMMENTED = {**SCRIPTS, "01_core/apply.sql": f"-- the core\n{CORE}"}


def test_empty_ledger_makes_everything_pending() -> None:
    made = plan(EMPTY)
    assert set(states(made).values()) == {"pending"}
    assert set(reasons(made).values()) == {"new"}
    assert [statement.label for statement in made.steps[0].statements] == ["create table core"]


def test_everything_applied_leaves_nothing_to_do() -> None:
    made = plan(applied())
    assert set(states(made).values()) == {"applied"}
    assert not made.anything_to_do
    assert made.unapplied == ()


def test_changed_repeatable_runs_again() -> None:
    made = plan(applied(), {**SCRIPTS, "01_core/repeatable/v.sql": VIEW.replace("id", "id + 1 as n")})
    assert states(made)["01_core/repeatable/v.sql"] == "changed"
    assert [step.reason for step in made.todo] == ["changed"]


def test_comment_changes_nothing() -> None:
    assert not plan(applied(), COMMENTED).anything_to_do


def test_reasons_say_moments_as_people_read_them() -> None:
    assert reasons(plan(applied(), EDITED)) == {
        "01_core/apply.sql": "edited since it was applied 2026-11-20 14:02 UTC",
        "01_core/repeatable/v.sql": "applied 2026-11-20 14:02 UTC",
        "02_leads/apply.sql": "applied 2026-11-20 14:02 UTC",
    }


def test_edited_phase_stops_the_plan() -> None:
    made = plan(applied(count=2), EDITED)
    assert states(made) == {
        "01_core/apply.sql": "edited",
        "01_core/repeatable/v.sql": "applied",
        "02_leads/apply.sql": "blocked",
    }
    assert made.todo == ()
    assert reasons(made)["02_leads/apply.sql"] == "waits for 01_core, which is edited"


def test_other_inputs_are_told_and_nothing_runs() -> None:
    history = entries(graph(SCRIPTS))
    made = plan(fold([replace(history[0], semantic="0" * 64), *history[1:]]))
    assert states(made)["01_core/apply.sql"] == "inputs"
    assert not made.anything_to_do
    assert [step.key for step in made.warnings] == ["01_core/apply.sql"]


def test_repeatable_changed_by_a_macro_says_so() -> None:
    history = entries(graph(SCRIPTS))
    made = plan(fold([history[0], replace(history[1], semantic="0" * 64), history[2]]))
    assert [step.reason for step in made.todo] == ["changed by a macro or a variable"]


def test_phase_that_is_not_on_disk_is_missing() -> None:
    made = plan(applied(), {key: text for key, text in SCRIPTS.items() if key != "02_leads/apply.sql"})
    assert states(made)["02_leads/apply.sql"] == "missing"
    assert [step.key for step in made.problems] == ["02_leads/apply.sql"]


def test_repeatable_that_is_not_on_disk_is_an_orphan_and_no_problem() -> None:
    made = plan(applied(), {key: text for key, text in SCRIPTS.items() if "repeatable" not in key})
    assert states(made)["01_core/repeatable/v.sql"] == "orphan"
    assert made.problems == ()


READS = {f"13_reads/repeatable/{name}.sql": f"create view {name} as select 1 as one;" for name in ("a", "b", "c")}


@pytest.mark.parametrize(
    ("moved", "state"),
    [
        ({key.replace("reads", "studio"): text for key, text in READS.items()}, "missing"),
        ({key.replace("reads", "studio"): f"{text} select 1;" for key, text in READS.items()}, "missing"),
        ({key.replace("reads/repeatable/", "studio/repeatable/x"): text for key, text in READS.items()}, "missing"),
        ({"13_studio/repeatable/a.sql": READS["13_reads/repeatable/a.sql"]}, "orphan"),
        ({"13_studio/apply.sql": "select 1;"}, "orphan"),
    ],
)
def test_new_phase_with_most_scripts_of_one_that_is_gone_stops_the_plan(moved: dict[str, str], state: str) -> None:
    made = plan(applied(READS), moved)
    assert {step.state.value for step in made.steps if step.phase == "13_reads"} == {state}
    assert made.gone == ("13_reads",)
    assert bool(made.todo) == (state == "orphan")


def test_renamed_from_settles_a_phase_of_repeatables_alone() -> None:
    moved = {key.replace("reads", "studio"): text for key, text in READS.items()}
    made = plan(applied(READS), moved, renamed={"13_studio": "13_reads"})
    assert made.renames == {"13_studio": "13_reads"}
    assert made.problems == made.gone == ()


def test_renamed_phase_keeps_its_history() -> None:
    scripts = {"01b_base/apply.sql": CORE, "01b_base/repeatable/v.sql": VIEW, "02_leads/apply.sql": LEADS}
    made = plan(applied(), scripts, renamed={"01b_base": "01_core"})
    assert made.renames == {"01b_base": "01_core"}
    assert list(states(made).values()) == ["renamed", "renamed", "applied"]
    assert reasons(made)["01b_base/apply.sql"] == "renamed from 01_core"
    assert made.anything_to_do


def test_rename_already_in_the_ledger_is_over() -> None:
    scripts = {"01b_base/apply.sql": CORE, "01b_base/repeatable/v.sql": VIEW, "02_leads/apply.sql": LEADS}
    renamed = replace(BASE, event=Event.RENAMED, phase="01b_base", renamed_from="01_core")
    state = fold([*entries(graph(SCRIPTS)), renamed])
    assert not plan(state, scripts, renamed={"01b_base": "01_core"}).anything_to_do


def test_new_phase_below_applied_ones_says_so() -> None:
    made = plan(applied(), {**SCRIPTS, "01x_late/apply.sql": "create table public.late (id int);"})
    assert [(step.key, step.reason) for step in made.todo] == [
        ("01x_late/apply.sql", "new, after later phases were applied")
    ]


def test_failed_attempt_is_remembered() -> None:
    history = entries(graph(SCRIPTS))
    made = plan(fold([*history[:2], replace(history[2], event=Event.FAILED)]))
    assert [step.reason for step in made.todo] == ["new; its last attempt failed"]


PARTS = "select 1;\nvacuum;\nselect 2;"


def part(event: Event, segment: int, text: str = PARTS) -> Entry:
    """The entry of a segment of 02_leads, when its file was `text`."""
    script = graph({"02_leads/apply.sql": text}).scripts[0]
    base = entries(graph({"02_leads/apply.sql": text}))[0]
    return replace(base, event=event, segment=segment, segments=3, semantic=script.reached(segment))


def judged(history: list[Entry], text: str = PARTS) -> tuple[str, str]:
    made = plan(fold(history), {"02_leads/apply.sql": text})
    return states(made)["02_leads/apply.sql"], reasons(made)["02_leads/apply.sql"]


def test_script_applied_in_part_goes_on_at_its_statement() -> None:
    assert judged([part(Event.APPLIED, 1)]) == ("partial", "goes on at statement 2 of 3")
    made = plan(fold([part(Event.APPLIED, 1)]), {"02_leads/apply.sql": PARTS})
    assert [(each.label, each.transactional, each.segment) for each in made.todo[0].statements] == [
        ("vacuum", False, 2),
        ("select", True, 3),
    ]


def test_statement_that_was_begun_is_said() -> None:
    begun = [part(Event.APPLIED, 1), part(Event.STARTED, 2)]
    assert judged(begun) == ("partial", "goes on at statement 2 of 3, which was begun and not seen to end")


def test_what_follows_what_ran_may_be_edited() -> None:
    assert judged([part(Event.APPLIED, 1)], "select 1;\nvacuum full;\nselect 3; select 4;")[0] == "partial"


@pytest.mark.parametrize("text", ["select 0;\nvacuum;\nselect 2;", "select 1; select 2;", "vacuum;"])
def test_what_ran_may_not_be_edited(text: str) -> None:
    assert judged([part(Event.APPLIED, 1)], text) == ("edited", "edited since a part of it was applied")


def test_statement_that_was_begun_may_not_be_edited_until_it_failed() -> None:
    begun = [part(Event.APPLIED, 1), part(Event.STARTED, 2)]
    assert judged(begun, "select 1;\nvacuum full;\nselect 2;")[0] == "edited"
    failed = [*begun, part(Event.FAILED, 2)]
    assert judged(failed, "select 1;\nvacuum full;\nselect 2;") == (
        "partial",
        "goes on at statement 2 of 3; its last attempt failed",
    )


def test_first_statement_that_was_begun_and_failed_leaves_a_new_script() -> None:
    alone = replace(part(Event.STARTED, 1), segments=1)
    assert judged([alone, replace(alone, event=Event.FAILED)]) == ("pending", "new; its last attempt failed")


def test_script_whose_last_segments_were_taken_out_is_applied() -> None:
    assert judged([part(Event.APPLIED, 1), part(Event.APPLIED, 2)], "select 1;\nvacuum;")[0] == "applied"


def test_script_applied_in_part_goes_back_on_a_disposable_target() -> None:
    made = plan(fold([part(Event.APPLIED, 1)]), {"02_leads/apply.sql": PARTS}, disposable=True)
    assert made.back_because == 'phase "02_leads" is applied in part'
    assert len(made.todo[0].statements) == 3


def test_to_ends_with_the_phase() -> None:
    assert [step.key for step in plan(EMPTY, to="01_core").todo] == ["01_core/apply.sql", "01_core/repeatable/v.sql"]


def test_to_includes_what_must_run_before() -> None:
    scripts = {
        "05_a/apply.sql": "create table public.a (id int);",
        "05_a/repeatable/v.sql": "create view public.v as select extra from public.a;",
        "13_b/apply.sql": "alter table public.a add column extra int;",
        "14_c/apply.sql": "select 1;",
    }
    assert [step.key for step in plan(EMPTY, scripts, to="05_a").todo][1:] == [
        "13_b/apply.sql",
        "05_a/repeatable/v.sql",
    ]


def test_to_that_names_no_phase_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        plan(EMPTY, to="01_cor")
    assert describe(caught.value.faults[0]) == ('error: --to names no phase: "01_cor"\nhint: Did you mean "01_core"?')


@pytest.mark.parametrize("number", ["1", "01"])
def test_to_that_is_a_number_suggests_the_phase_that_has_it(number: str) -> None:
    with pytest.raises(UsageError) as caught:
        plan(EMPTY, to=number)
    assert describe(caught.value.faults[0]) == (
        f'error: --to names no phase: "{number}"\nhint: Did you mean "01_core"?'
    )


@pytest.mark.parametrize(
    ("scripts", "first", "because"),
    [
        (EDITED, 0, 'phase "01_core" was edited'),
        ({**SCRIPTS, "02_leads/apply.sql": f"{LEADS} select 1;"}, 2, 'phase "02_leads" was edited'),
        (
            {key: text for key, text in SCRIPTS.items() if "view" not in text},
            1,
            "01_core/repeatable/v.sql is no longer in the project",
        ),
        ({**SCRIPTS, "01_core/repeatable/v.sql": f"{VIEW} select 1;"}, 1, "01_core/repeatable/v.sql changed"),
        ({key: SCRIPTS[key] for key in list(SCRIPTS)[1:]}, 0, "01_core/apply.sql is gone"),
        ({"02_leads/apply.sql": LEADS}, 0, 'phase "01_core" is gone'),
    ],
)
def test_disposable_target_goes_back_before_what_does_not_hold(
    scripts: dict[str, str], first: int, because: str
) -> None:
    made = plan(applied(), scripts, disposable=True)
    assert (made.back_to, made.back_because) == (first, because)
    assert [step.key for step in made.todo] == [script.key for script in graph(scripts).scripts[first:]]
    assert made.problems == ()


def test_disposable_target_goes_back_for_other_inputs_and_for_a_rename() -> None:
    history = entries(graph(SCRIPTS))
    inputs = fold([*history[:2], replace(history[2], semantic="0" * 64)])
    assert plan(inputs, disposable=True).back_because == 'phase "02_leads" has other inputs'
    scripts = {"01_core/apply.sql": CORE, "01_core/repeatable/v.sql": VIEW, "03_leads/apply.sql": LEADS}
    renamed = plan(applied(), scripts, renamed={"03_leads": "02_leads"}, disposable=True)
    assert (renamed.back_to, renamed.back_because) == (2, 'phase "03_leads" was renamed')


def test_phase_of_repeatables_alone_that_left_is_told_as_a_phase() -> None:
    scripts = {"01_core/apply.sql": CORE, "02_v/repeatable/v.sql": VIEW}
    made = plan(applied(scripts), {"01_core/apply.sql": CORE}, disposable=True)
    assert made.back_because == 'phase "02_v" is no longer in the project'


def test_plan_of_an_older_state_runs_what_that_state_lacks() -> None:
    made = from_state(plan(applied(), {**SCRIPTS, "02_leads/apply.sql": "select 1;"}, disposable=True), 1)
    assert made.back_to == 1
    assert [(step.key, step.reason) for step in made.todo] == [
        ("01_core/repeatable/v.sql", 'again: phase "02_leads" was edited'),
        ("02_leads/apply.sql", 'again: phase "02_leads" was edited'),
    ]
    assert from_state(made, 2) == made


def test_disposable_target_that_holds_does_not_go_back() -> None:
    made = plan(applied(count=2), disposable=True)
    assert (made.back_to, made.back_because, len(made.todo)) == (None, None, 1)


def test_plan_is_data() -> None:
    data = plan_data(plan(applied(count=2)), {})
    assert json.loads(json.dumps(data)) == data
    assert data["counts"] == {"applied": 2, "pending": 1}
    assert data["steps"][0]["applied_at"] == AT
    assert data["steps"][2]["statements"] == [
        {
            "label": "create table leads",
            "place": "phases/02_leads/apply.sql:1:1",
            "transactional": True,
            "segment": 1,
        }
    ]


def test_plan_data_name_what_would_be_taken_away_and_why() -> None:
    scripts = {"01_a/apply.sql": "drop table a;", "02_b/apply.sql": "select 1;\ndelete from b;"}
    assert plan_data(make_plan(graph(scripts), EMPTY), {"02_b": "Moved"})["hazards"] == [
        {
            "script": "01_a/apply.sql",
            "phase": "01_a",
            "what": "drop table a",
            "place": "phases/01_a/apply.sql:1:1",
            "reason": None,
        },
        {
            "script": "02_b/apply.sql",
            "phase": "02_b",
            "what": "delete b without where",
            "place": "phases/02_b/apply.sql:2:1",
            "reason": "Moved",
        },
    ]


def test_a_thousand_applied_phases_are_planned_in_milliseconds() -> None:
    scripts = {f"{n:04}_p/apply.sql": f"create table t{n:04} (a int);" for n in range(1000)}
    made = graph(scripts)
    history = entries(made)
    began = time.process_time()
    assert not make_plan(made, fold(history)).anything_to_do
    assert time.process_time() - began < 0.05
