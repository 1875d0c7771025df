"""Enums and domains of the live database in shapes, and pending work that a target requires."""

import pytest

from nexiom_runner.errors import Place
from nexiom_runner.render.values import TargetFacts
from nexiom_runner.results import Difference, Outcome

TYPES = """
create schema crm;
create type public.status as enum ('open', 'to do');
create domain crm.cents as integer check (value >= 0);
create domain public.price as crm.cents;
create domain public.stage as public.status;
create function public.row_of(p_status text) returns jsonb language sql as $$
  select jsonb_build_object('status', p_status, 'price', 3, 'stage', 'open', 'day', '2026-01-02') $$;
"""
SHAPE = "{status: enum status, price: domain price, stage: domain stage | null, day: domain crm.cents | date}"


def test_an_enum_has_its_labels_and_a_domain_what_it_rests_on(bench):
    calls = "{good: {with: {p_status: to do}}, bad: {with: {p_status: closed}}}"
    bench.phase(TYPES, f"row_of: {{result: {SHAPE}, calls: {calls}}}")
    assert [(result.outcome, result.differences) for result in bench.look()] == [
        (Outcome.PASS, ()),
        (Outcome.FAIL, (Difference("$.status", 'in(open "to do")', '"closed" (text)'),)),
    ]


def test_columns_of_a_script_know_them_too(bench):
    bench.phase(TYPES)
    bench.script("select 'open'::public.status as s;", "1: {columns: {s: enum status}}")
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


@pytest.mark.parametrize(
    ("shape", "message", "fix"),
    [
        ("enum statsu", 'there is no enum "statsu"', 'Did you mean "status"?'),
        ("domain crm.cent", 'there is no domain "crm.cent"', 'Did you mean "crm.cents"?'),
        ("domain status", 'there is no domain "status"', None),
    ],
)
def test_a_type_that_is_not_there_suggests_the_nearest(bench, shape, message, fix):
    bench.phase(TYPES, f"row_of: {{result: {{status: {shape}, $open: true}}, calls: {{c: {{with: {{p_status: x}}}}}}}}")
    (result,) = bench.look()
    assert (result.outcome, result.message, result.fix) == (Outcome.ERROR, message, fix)
    assert result.place == Place("phases/01_core/phase.yml", 4, 31)


def test_without_such_types_nothing_more_is_asked(bench, session):
    trips = []
    for shape in ("{$open: true}", SHAPE):
        bench.phase("" if trips else TYPES, f"row_of: {{result: {shape}, calls: {{c: {{with: {{p_status: open}}}}}}}}")
        before = session.round_trips
        assert [result.outcome for result in bench.look()] == [Outcome.PASS]
        trips.append(session.round_trips - before)
    assert trips[1] - trips[0] == 3  # begin, the question, rollback


PENDING = "set: {result: {key: true else pending(owner=web) required in production}, calls: {c: {}}}"


def test_pending_work_waits_elsewhere_and_fails_where_it_is_required(bench):
    bench.phase(
        "create function public.set() returns jsonb language sql stable as $$ select '{\"key\": false}'::jsonb $$;",
        PENDING,
    )
    assert [result.outcome for result in bench.look()] == [Outcome.PASS, Outcome.PENDING]
    bench.target = TargetFacts("production", protected=True)
    passed, required = bench.look()
    assert (passed.outcome, required.outcome) == (Outcome.PASS, Outcome.FAIL)
    assert required.message == "set() says it is not set, and production requires it of web"
