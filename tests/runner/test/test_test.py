"""Which calls are made under which phase, and what is said of work that waits."""

from datetime import date

from nexiom_runner.errors import Place
from nexiom_runner.results import Kind, Outcome

ONE = "create function public.one() returns int language sql as 'select 1';"
READY = """
create function public.ready(p boolean = false) returns jsonb
language sql as 'select jsonb_build_object(''key'', p, ''other'', true)';
"""
KEYS = "{key: true else pending(owner=infrastructure until=2027-06-30), other: true else pending(owner=web)}"


def outcomes(results):
    return [(result.phase, result.subject, result.outcome) for result in results]


def test_a_call_restated_later_is_made_once_under_the_later_phase(bench):
    bench.phase(ONE, "one: {result: 1, calls: {it: {}}}", "01_a")
    bench.phase("", "one: {result: 2, calls: {it: {}}}", "02_b")
    assert outcomes(bench.look()) == [("02_b", "one: it", Outcome.FAIL)]
    assert outcomes(bench.look("01_a", phases=("01_a",))) == [("01_a", "one: it", Outcome.PASS)]


def test_a_call_is_held_to_the_result_in_force(bench):
    bench.phase(ONE, "one: {result: 2, calls: {it: {}}}", "01_a")
    bench.phase("", "one: {result: 1}", "02_b")
    assert outcomes(bench.look()) == [("01_a", "one: it", Outcome.PASS)]


def test_a_phase_that_is_not_applied_is_passed_over(bench):
    bench.phase(ONE, "one: {result: 1, calls: {it: {}}}", "01_a")
    bench.phase("", "two: {result: 1, calls: {it: {}}}", "02_b")
    found = bench.look("01_a")
    assert outcomes(found) == [("01_a", "one: it", Outcome.PASS), ("02_b", "two: it", Outcome.SKIP)]
    assert found[1].message == "the phase is not applied"


def test_a_result_that_no_call_exercises_is_not_green(bench, told):
    bench.phase(ONE, "one: {result: 1}")
    assert [told(result) for result in bench.look()] == [
        {
            "outcome": Outcome.SKIP,
            "subject": "function one()",
            "message": "its result is stated and no call exercises it",
        }
    ]


def test_a_pending_key_is_one_check_however_many_calls_saw_it(bench, told):
    bench.phase(READY, f"ready: {{result: {KEYS}, calls: {{a: {{}}, b: {{with: {{p: true}}}}}}}}")
    found = bench.look()
    assert [told(result) for result in found[2:]] == [
        {
            "outcome": Outcome.PENDING,
            "subject": "function ready()",
            "attribute": "$.key",
            "message": "ready() says it is not set",
            "owner": "infrastructure",
            "until": "2027-06-30",
        },
        {"outcome": Outcome.PASS, "subject": "function ready()", "attribute": "$.other", "owner": "web"},
    ]
    assert [result.outcome for result in found[:2]] == [Outcome.PASS, Outcome.PASS]
    assert {result.kind for result in found[2:]} == {Kind.PENDING_KEY}
    assert found[2].place == Place("phases/01_core/phase.yml", 4, 27)


def test_a_pending_key_fails_after_its_last_day(bench):
    bench.phase(READY, f"ready: {{result: {KEYS}, calls: {{a: {{}}}}}}")
    assert bench.look(today=date(2027, 6, 30))[1].outcome is Outcome.PENDING
    overdue = bench.look(today=date(2027, 7, 1))[1]
    assert overdue.outcome is Outcome.FAIL
    assert overdue.message == "ready() says it is not set; infrastructure had until 2027-06-30"


def test_a_pending_key_that_a_failed_call_did_not_return_is_blocked(bench):
    bench.phase(
        "create function public.ready() returns jsonb language sql as $$ select '{}'::jsonb $$;",
        "ready: {result: {key: true else pending(owner=web)}, calls: {a: {}}}",
    )
    call, key = bench.look()
    assert (call.outcome, call.differences[0].expected) == (Outcome.FAIL, "true or false")
    assert (key.outcome, key.message) == (Outcome.BLOCKED, "ready() does not say")


def test_a_script_that_selects_the_same_pending_work_adds_no_second_entry(bench):
    bench.phase(READY, f"ready: {{result: {KEYS}, calls: {{a: {{}}}}}}")
    bench.script("select public.ready() as settings", f"1: {{rows: 1, columns: {{settings: {KEYS}}}}}\n")
    kinds = [(result.kind, result.outcome) for result in bench.look()]
    assert kinds == [
        (Kind.CALL, Outcome.PASS),
        (Kind.PENDING_KEY, Outcome.PENDING),
        (Kind.PENDING_KEY, Outcome.PASS),
        (Kind.SQL_TEST, Outcome.PASS),
    ]


def test_a_script_alone_tells_its_pending_work(bench):
    bench.phase(READY)
    bench.script("select public.ready() as settings", f"1: {{rows: 1, columns: {{settings: {KEYS}}}}}\n")
    _, key, _ = bench.look()
    assert (key.subject, key.attribute, key.message) == (
        "tests/sql/t.sql: 1",
        "$.settings.key",
        "tests/sql/t.sql: 1 says it is not set",
    )


def test_a_script_runs_with_its_phase_and_one_without_after_the_last(bench):
    bench.phase(ONE, "", "01_a")
    bench.phase("", "", "02_b")
    bench.script("-- phase: 01_a\nselect 1 as i", "1: {columns: {i: 1}}\n", "first")
    bench.script("select 1 as i", "1: {columns: {i: 1}}\n", "every")
    first, every = "tests/sql/first.sql: 1", "tests/sql/every.sql: 1"
    assert outcomes(bench.look()) == [("01_a", first, Outcome.PASS), (None, every, Outcome.PASS)]
    assert outcomes(bench.look("01_a", phases=("01_a",))) == [("01_a", first, Outcome.PASS)]
    assert outcomes(bench.look("01_a", "02_b", phases=("02_b",))) == [(None, every, Outcome.PASS)]


def test_scripts_that_cannot_run_yet_say_why(bench):
    bench.phase(ONE, "", "01_a")
    bench.phase("", "", "02_b")
    bench.script("-- phase: 02_b\nselect 1 as i", "1: {columns: {i: 1}}\n", "later")
    bench.script("select 1 as i", "1: {columns: {i: 1}}\n", "every")
    assert [(result.outcome, result.message) for result in bench.look("01_a")] == [
        (Outcome.SKIP, "the phase is not applied"),
        (Outcome.SKIP, "phase 02_b is not applied"),
    ]
