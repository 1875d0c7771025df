"""Repeatables that create the same object are refused with both places."""

import pytest
from graph_builders import graph

from nexiom_runner.errors import GraphError, describe

FUNCTION = "create or replace function public.f(p {type}) returns int language sql as 'select 1';"
VIEW = "create or replace view public.v as select 1 as one;"
TRIGGER = "create or replace trigger stamp before insert on public.{table} for each row execute function public.f();"


def told(first: str, second: str) -> list[str]:
    with pytest.raises(GraphError) as caught:
        graph({"01_a/repeatable/f.sql": first, "02_b/repeatable/g.sql": second})
    return [describe(fault) for fault in caught.value.faults]


def test_function_with_the_same_argument_types_is_refused() -> None:
    second = FUNCTION.format(type="int").replace("(p ", "(other ")
    assert told(FUNCTION.format(type="int"), f"-- again\n{second}") == [
        "error: 02_b/repeatable/g.sql creates function f(int), and so does 01_a/repeatable/f.sql\n"
        "  phases/02_b/repeatable/g.sql:2:35\n"
        f"    2 | {second}\n"
        f"      | {' ' * 34}^\n"
        "detail: It is also created at phases/01_a/repeatable/f.sql:1:35.\n"
        "hint: Keep one of them: a repeatable runs again when its file changes, and whichever ran last would win."
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (VIEW, "view v"),
        (TRIGGER.format(table="t"), "trigger stamp on t"),
        (VIEW.replace("public.v", '"v"').replace("or replace ", ""), 'view "v"'),
        ("drop policy if exists p on t; create policy p on t for select using (true);", "policy p on t"),
    ],
)
def test_other_objects_are_refused_as_well(text: str, name: str) -> None:
    (fault,) = told(text, text)
    head = f"error: 02_b/repeatable/g.sql creates {name}, and so does 01_a/repeatable/f.sql\n"
    assert fault.startswith(head)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (FUNCTION.format(type="int"), FUNCTION.format(type="text")),
        (TRIGGER.format(table="t"), TRIGGER.format(table="u")),
        (VIEW, VIEW.replace("public.v", "other.v")),
        ("create schema if not exists s;", "create schema if not exists s;"),
        (VIEW, "grant select on public.v to authenticated;"),
    ],
)
def test_overloads_and_namesakes_elsewhere_are_fine(first: str, second: str) -> None:
    assert len(graph({"01_a/repeatable/f.sql": first, "02_b/repeatable/g.sql": second}).scripts) == 2


def test_a_repeatable_may_take_over_what_an_apply_sql_created() -> None:
    scripts = {"01_a/apply.sql": FUNCTION.format(type="int"), "02_b/repeatable/g.sql": FUNCTION.format(type="int")}
    assert len(graph(scripts).scripts) == 2


def test_each_file_that_creates_it_again_is_told() -> None:
    with pytest.raises(GraphError) as caught:
        graph({f"0{n}_a/repeatable/v.sql": VIEW for n in (1, 2, 3)})
    assert [fault.message for fault in caught.value.faults] == [
        "02_a/repeatable/v.sql creates view v, and so does 01_a/repeatable/v.sql",
        "03_a/repeatable/v.sql creates view v, and so does 01_a/repeatable/v.sql",
    ]
