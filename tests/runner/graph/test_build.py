"""The order scripts run in."""

import random
import time

import pytest
from graph_builders import graph, order, phase, project, script

from nexiom_runner.errors import GraphError, describe
from nexiom_runner.graph.build import build_graph

LEADS = "create table public.leads (id uuid primary key);"
PHONE = "alter table public.leads add column phone text;"
BY_PHONE = (
    "create or replace function public.lead_by_phone(p text) returns uuid language sql as "
    "$$ select id from public.leads where phone = p $$;"
)


def function(name: str, body: str, language: str = "plpgsql") -> str:
    if language == "sql":
        return f"create or replace function public.{name}() returns void language sql as $$ {body} $$;"
    return f"create or replace function public.{name}() returns void language plpgsql as $$ begin {body} end $$;"


def fault(scripts: dict[str, str], *phases: object) -> str:
    with pytest.raises(GraphError) as caught:
        graph(scripts, *phases)  # type: ignore[arg-type]
    assert len(caught.value.faults) == 1
    return describe(caught.value.faults[0])


def test_apply_scripts_run_in_the_order_of_their_phases() -> None:
    scripts = {f"{n}_p/apply.sql": f"create table t{n} (a int);" for n in ("10", "02", "01")}
    assert order(graph(scripts)) == ["01_p/apply.sql", "02_p/apply.sql", "10_p/apply.sql"]


def test_repeatable_of_an_early_phase_runs_after_the_column_a_later_phase_adds() -> None:
    scripts = {"05_leads/apply.sql": LEADS, "05_leads/repeatable/f.sql": BY_PHONE, "13_phone/apply.sql": PHONE}
    assert order(graph(scripts)) == ["05_leads/apply.sql", "13_phone/apply.sql", "05_leads/repeatable/f.sql"]


def test_column_counts_only_together_with_its_table() -> None:
    other = "create view public.v as select phone from public.people;"
    people = "create table people (phone text);"
    scripts = {"05_a/apply.sql": people, "05_a/repeatable/v.sql": other, "13_b/apply.sql": PHONE}
    assert order(graph(scripts))[:2] == ["05_a/apply.sql", "05_a/repeatable/v.sql"]


def test_repeatable_runs_before_the_apply_that_mentions_what_it_creates() -> None:
    scripts = {
        "01_a/apply.sql": "create table t (at timestamptz default public.f());",
        "01_a/repeatable/f.sql": function("f", "select now()", "sql"),
    }
    assert order(graph(scripts)) == ["01_a/repeatable/f.sql", "01_a/apply.sql"]


def test_repeatable_of_a_later_phase_is_pulled_before_an_earlier_apply() -> None:
    scripts = {
        "01_a/apply.sql": "create table t (a int);",
        "02_b/apply.sql": "alter table t add column at timestamptz default public.f();",
        "03_c/repeatable/f.sql": function("f", "select public.g()", "sql"),
        "03_c/repeatable/g.sql": function("g", "select now()", "sql"),
    }
    assert order(graph(scripts)) == [
        "01_a/apply.sql",
        "03_c/repeatable/g.sql",
        "03_c/repeatable/f.sql",
        "02_b/apply.sql",
    ]


def test_view_waits_for_the_view_it_reads() -> None:
    scripts = {
        "01_a/apply.sql": "create table t (a int);",
        "01_a/repeatable/a.sql": "create or replace view public.a as select * from public.b;",
        "01_a/repeatable/b.sql": "create or replace view public.b as select * from public.t;",
    }
    assert order(graph(scripts))[1:] == ["01_a/repeatable/b.sql", "01_a/repeatable/a.sql"]


def test_plpgsql_body_does_not_order_repeatables() -> None:
    scripts = {
        "01_a/repeatable/a.sql": function("a", "perform public.b();"),
        "01_a/repeatable/b.sql": function("b", "perform public.a();"),
    }
    made = graph(scripts)
    assert order(made) == ["01_a/repeatable/a.sql", "01_a/repeatable/b.sql"]
    assert [edge.orders for edge in made.edges] == [False, False]


def test_function_that_calls_itself_has_no_edge() -> None:
    assert graph({"01_a/repeatable/a.sql": function("a", "perform public.a();")}).edges == ()


def test_needs_makes_a_phase_wait_for_a_later_one() -> None:
    scripts = {f"0{n}_p/apply.sql": f"create table t{n} (a int);" for n in (1, 2, 3, 4)}
    made = graph(scripts, phase("02_p", needs=("03_p",)))
    assert [each.phase for each in made.scripts] == ["01_p", "03_p", "02_p", "04_p"]


def test_later_phase_used_by_an_apply_is_an_error_with_the_line_to_add() -> None:
    scripts = {"02_a/apply.sql": "select 1;\ninsert into public.leads default values;", "07_leads/apply.sql": LEADS}
    assert fault(scripts) == (
        'error: phase "02_a" needs table "public.leads", which phase "07_leads" creates after it\n'
        "  phases/02_a/apply.sql:2:20\n"
        "    2 | insert into public.leads default values;\n"
        "      |                    ^^^^^\n"
        "detail: It is created at phases/07_leads/apply.sql:1:21.\n"
        "hint: Move one of them, or write into phases/02_a/phase.yml:  needs: [07_leads]"
    )


def test_plpgsql_body_in_an_apply_may_speak_of_a_later_table() -> None:
    scripts = {"02_a/apply.sql": function("f", "perform 1 from public.leads;"), "07_leads/apply.sql": LEADS}
    assert order(graph(scripts)) == ["02_a/apply.sql", "07_leads/apply.sql"]


def test_dropping_what_a_later_phase_creates_is_no_need() -> None:
    scripts = {"02_a/apply.sql": "drop table if exists public.leads;", "07_leads/apply.sql": LEADS}
    assert order(graph(scripts)) == ["02_a/apply.sql", "07_leads/apply.sql"]


def test_repeatable_between_a_later_and_an_earlier_script_is_an_error_that_names_both() -> None:
    scripts = {
        "05_leads/apply.sql": LEADS,
        "05_leads/repeatable/f.sql": BY_PHONE,
        "09_use/apply.sql": "select public.lead_by_phone('1');",
        "13_phone/apply.sql": PHONE,
    }
    assert fault(scripts) == (
        "error: 05_leads/repeatable/f.sql must run after 13_phone/apply.sql and before 09_use/apply.sql\n"
        "  phases/05_leads/repeatable/f.sql:1:123\n"
        f"    1 | {BY_PHONE}\n"
        f"      | {' ' * 122}^^^^^\n"
        'detail: It mentions column "public.leads.phone", which 13_phone/apply.sql creates at '
        'phases/13_phone/apply.sql:1:37; 09_use/apply.sql mentions function "public.lead_by_phone" at '
        "phases/09_use/apply.sql:1:15.\n"
        'hint: Move what uses function "public.lead_by_phone" out of 09_use/apply.sql: into a repeatable, or into a '
        'phase after "13_phone".'
    )


def test_views_that_read_each_other_go_round() -> None:
    scripts = {
        "01_a/repeatable/a.sql": "create view public.a as select * from public.b;",
        "01_a/repeatable/b.sql": "create view public.b as select * from public.a;",
    }
    assert fault(scripts) == (
        'error: the order goes round: "01_a/repeatable/a.sql" → "01_a/repeatable/b.sql" → "01_a/repeatable/a.sql"\n'
        "  phases/01_a/repeatable/a.sql:1:46\n"
        "    1 | create view public.a as select * from public.b;\n"
        "      |                                              ^\n"
        'detail: "01_a/repeatable/a.sql" waits for "01_a/repeatable/b.sql": it mentions view "public.b" at '
        'phases/01_a/repeatable/a.sql:1:46. "01_a/repeatable/b.sql" waits for "01_a/repeatable/a.sql": it mentions '
        'view "public.a" at phases/01_a/repeatable/b.sql:1:46.\n'
        "hint: Take one of them away; what a plpgsql body mentions makes no order."
    )


def test_needs_that_go_round_are_told_edge_by_edge() -> None:
    scripts = {"01_a/apply.sql": "select 1;", "02_b/apply.sql": "select 1;"}
    assert fault(scripts, phase("01_a", needs=("02_b",)), phase("02_b", needs=("01_a",))) == (
        'error: the order goes round: "01_a" → "02_b" → "01_a"\n'
        "  phases/01_a/phase.yml:1:9\n"
        "    1 | needs: [02_b]\n"
        "      |         ^^^^\n"
        'detail: "01_a" waits for "02_b": needs: [02_b] at phases/01_a/phase.yml:1:9. '
        '"02_b" waits for "01_a": needs: [01_a] at phases/02_b/phase.yml:1:9.\n'
        "hint: Take one of them away."
    )


def test_unknown_need_suggests_the_nearest_phase() -> None:
    scripts = {"01_core/apply.sql": "select 1;", "02_b/apply.sql": "select 1;"}
    assert fault(scripts, phase("02_b", needs=("01_cor",))) == (
        'error: phase "02_b" needs "01_cor", which is no phase of this project\n'
        "  phases/02_b/phase.yml:1:9\n"
        "    1 | needs: [01_cor]\n"
        "      |         ^^^^^^\n"
        'hint: Did you mean "01_core"?'
    )


def test_order_does_not_depend_on_the_order_of_reading() -> None:
    scripts = large(30)
    expected = order(graph(scripts))
    keys = list(scripts)
    random.Random(7).shuffle(keys)
    assert order(graph({key: scripts[key] for key in keys})) == expected


def test_a_thousand_phases_are_ordered_in_a_moment() -> None:
    scripts = [script(key, text) for key, text in large(1000).items()]
    whole = project(*(phase(f"{n:04}_p") for n in range(1000)))
    began = time.process_time()
    build_graph(whole, scripts)
    assert time.process_time() - began < 0.5


def large(count: int) -> dict[str, str]:
    scripts = {}
    for n in range(count):
        before = f"references public.t{n - 1:04}" if n else ""
        scripts[f"{n:04}_p/apply.sql"] = f"create table public.t{n:04} (id int primary key, up int {before});"
        scripts[f"{n:04}_p/repeatable/f.sql"] = function(f"f{n:04}", f"perform 1 from public.t{n:04};")
    return scripts
