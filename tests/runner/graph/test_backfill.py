"""A backfill runs behind its phase's apply.sql and what it uses, before everything of the phases behind it."""

import pytest
from graph_builders import graph, order

from nexiom_runner.errors import GraphError, describe

LEADS = "create table public.leads (id int, region text);"
FILL = "update public.leads set region = public.region_of(id) where id in (select id from leads limit {{ batch }});"
REGION_OF = "create function public.region_of(int) returns text language sql as $$ select 'eu' $$;"
LATE = "create function public.region_of(int) returns text language sql as $$ select name from public.later $$;"
CONTRACT = "alter table public.leads alter region set not null;"


def test_backfill_runs_behind_the_repeatables_it_uses_and_before_the_next_phase() -> None:
    made = graph(
        {
            "01_a/apply.sql": LEADS,
            "01_a/backfill.sql": FILL,
            "01_a/repeatable/region_of.sql": REGION_OF,
            "02_b/apply.sql": CONTRACT,
        }
    )
    assert order(made) == ["01_a/apply.sql", "01_a/repeatable/region_of.sql", "01_a/backfill.sql", "02_b/apply.sql"]
    edges = [(edge.before, edge.after, edge.orders) for edge in made.edges if edge.after == "01_a/backfill.sql"]
    assert edges == [
        ("01_a/apply.sql", "01_a/backfill.sql", True),
        ("01_a/repeatable/region_of.sql", "01_a/backfill.sql", True),
    ]


def test_repeatable_of_a_later_phase_is_pulled_before_the_backfill_that_uses_it() -> None:
    made = graph(
        {
            "01_a/apply.sql": LEADS,
            "02_b/backfill.sql": FILL,
            "03_c/apply.sql": CONTRACT,
            "03_c/repeatable/region_of.sql": REGION_OF,
        }
    )
    assert order(made) == ["01_a/apply.sql", "03_c/repeatable/region_of.sql", "02_b/backfill.sql", "03_c/apply.sql"]


def test_phase_is_complete_behind_its_backfill() -> None:
    made = graph({"01_a/apply.sql": LEADS, "01_a/backfill.sql": FILL, "01_a/repeatable/region_of.sql": REGION_OF})
    assert made.complete_after == {"01_a": 2}


def test_backfill_that_needs_a_later_phase_is_refused() -> None:
    with pytest.raises(GraphError) as caught:
        graph({"01_a/backfill.sql": "delete from public.leads limit {{ batch }};", "02_b/apply.sql": LEADS})
    (fault,) = caught.value.faults
    assert describe(fault) == (
        'error: phase "01_a" needs table "public.leads", which phase "02_b" creates after it\n'
        "  phases/01_a/backfill.sql:1:20\n"
        "    1 | delete from public.leads limit {{ batch }};\n"
        "      |                    ^^^^^\n"
        "detail: It is created at phases/02_b/apply.sql:1:21.\n"
        "hint: Move one of them, or write into phases/01_a/phase.yml:  needs: [02_b]"
    )


def test_backfill_whose_function_waits_for_a_later_phase_is_refused() -> None:
    scripts = {
        "01_a/apply.sql": LEADS,
        "01_a/backfill.sql": FILL,
        "01_a/repeatable/region_of.sql": LATE,
        "02_b/apply.sql": "create table public.later (name text);",
    }
    with pytest.raises(GraphError) as caught:
        graph(scripts)
    (fault,) = caught.value.faults
    assert fault.message == "01_a/repeatable/region_of.sql must run after 02_b/apply.sql and before 01_a/backfill.sql"
