"""A part of a shape that no call and no SQL test reached is told once, and is not green."""

from nexiom_runner.errors import Place
from nexiom_runner.results import Kind, Outcome
from nexiom_runner.test.reached import Reached

RECENT = """
create function public.recent(p_some boolean = false) returns jsonb language sql as $$
  select jsonb_build_object('messages', case when p_some then '[{"id": 1}]'::jsonb else '[]' end)
$$;
"""
SHAPE = "{'messages[0..50]': {id: int}}"
CALLS = "calls: {none: {}, again: {with: {p_some: false}}}"


def skips(results):
    return [
        (result.phase, result.subject, result.attribute, result.message)
        for result in results
        if result.outcome is Outcome.SKIP
    ]


UNSEEN = ("function recent()", "$.messages[*]", "no call returned an item, so its shape was not looked at")


def test_items_of_lists_that_were_always_empty_are_not_green(bench):
    bench.phase(RECENT, f"recent: {{result: {SHAPE}, {CALLS}}}")
    *calls, part = bench.look()
    assert [result.outcome for result in calls] == [Outcome.PASS, Outcome.PASS]
    assert skips([part]) == [("01_core", *UNSEEN)]
    assert (part.kind, part.place) == (Kind.CALL, Place("phases/01_core/phase.yml", 4, 23))


def test_one_call_with_an_item_is_enough(bench):
    bench.phase(RECENT, f"recent: {{result: {SHAPE}, calls: {{none: {{}}, one: {{with: {{p_some: true}}}}}}}}")
    assert skips(bench.look()) == []


def test_where_no_call_is_as_its_shape_says_that_alone_is_told(bench):
    bench.phase(RECENT, "recent: {result: {messages: [int], more: int}, calls: {none: {}}}")
    assert [result.outcome for result in bench.look()] == [Outcome.FAIL]


def test_a_call_that_must_fail_is_held_to_no_shape(bench):
    bench.phase(RECENT, f"recent: {{result: {SHAPE}, calls: {{bad: {{with: {{p_some: x}}, raises: 22P02}}}}}}")
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


def test_a_script_that_asks_for_the_shape_may_reach_it(bench):
    bench.phase(RECENT, f"recent: {{result: {SHAPE}, {CALLS}}}")
    bench.script("select public.recent(true) as r", "1: {rows: 1, columns: {r: {$result: recent}}}\n")
    assert [result.outcome for result in bench.look()] == [Outcome.PASS] * 3


def test_a_script_may_reach_it_in_a_later_phase_of_the_same_run(bench):
    bench.phase(RECENT, f"recent: {{result: {SHAPE}, {CALLS}}}")
    bench.phase("", "", "02_more")
    bench.script(
        "-- phase: 02_more\nselect public.recent(false) as r", "1: {rows: 1, columns: {r: {$result: recent}}}\n"
    )
    reached = Reached()
    assert skips(bench.look("01_core", phases=("01_core",), reached=reached)) == []
    assert skips(bench.look("01_core", "02_more", phases=("02_more",), reached=reached)) == [("02_more", *UNSEEN)]


def test_a_script_alone_exercises_a_result(bench):
    bench.phase(RECENT, f"recent: {{result: {SHAPE}}}")
    bench.script("select public.recent() as r", "1: {rows: 1, columns: {r: {$result: recent}}}\n")
    assert skips(bench.look()) == [(None, *UNSEEN)]


def test_a_script_is_held_to_the_shape_it_asks_for(bench):
    bench.phase(RECENT, "recent: {result: {messages: [{id: uuid}]}}")
    bench.script("select public.recent(true) as r", "1: {rows: 1, columns: {r: {$result: recent}}}\n")
    (result,) = bench.look()
    (difference,) = result.differences
    assert (difference.path, difference.expected, difference.found) == (
        "row 1 $.r.messages[0].id",
        "uuid",
        "1 (number)",
    )


def test_a_shape_of_a_phase_that_is_not_applied_is_not_in_force(bench):
    bench.phase("", "", "01_core")
    bench.phase(RECENT, f"recent: {{result: {SHAPE}}}", "02_more")
    bench.script(
        "-- phase: 01_core\nselect public.recent(true) as r", "1: {rows: 1, columns: {r: {$result: recent}}}\n"
    )
    (result,) = bench.look("01_core", phases=("01_core",))
    assert (result.outcome, result.message) == (
        Outcome.ERROR,
        'no phase that is applied states what function "recent" returns',
    )


def test_what_no_row_reached_of_a_script_s_own_shape_is_told(bench):
    bench.phase("")
    bench.script("select '[]'::jsonb as a, null as b", "1: {rows: 1, columns: {a: [int], b: int | null}}\n")
    subject = "tests/sql/t.sql: 1"
    assert skips(bench.look()) == [
        (None, subject, "$.a[*]", "the statement did not return an item, so its shape was not looked at"),
        (None, subject, "$.b", "the statement did not return anything but null, so its shape was not looked at"),
    ]


def test_columns_of_no_row_were_not_looked_at(bench):
    bench.phase("")
    bench.script("select 1 as a where false", "1: {rows: 0.., columns: {a: int}}\n")
    assert skips(bench.look()) == [
        (None, "tests/sql/t.sql: 1", "columns", "the statement did not return a row, so its shape was not looked at")
    ]
