"""A rehearsal in words: its ground, its scripts, its sum, and as a page."""

from nexiom_runner.errors import Place
from nexiom_runner.rehearse.model import (
    Effects,
    Ground,
    Lock,
    Rehearsal,
    RehearsedScript,
    RehearsedStatement,
    Touched,
)
from nexiom_runner.rehearse.restore import Missing
from nexiom_runner.rehearse.target import Size
from nexiom_runner.report.rehearsal import ground_lines, script_lines, sum_line
from nexiom_runner.report.rehearsal_forms import render_rehearsal_markdown
from nexiom_runner.results import Kind, Outcome, Result

ORDERS = Touched("table", "public.orders", Size(2_100_000, 480 * 2**20))
HEAVY = Effects(
    locks=(Lock("ACCESS EXCLUSIVE", ORDERS),),
    under=(Lock("ACCESS EXCLUSIVE", ORDERS),),
    rewritten=(ORDERS,),
    emptied=(Touched("table", "public.log"),),
    built=(Touched("index", "public.orders_pkey", ORDERS.size),),
    changed=("column public.orders.note", "function public.f()"),
)
PLACE = Place("phases/01_a/apply.sql", 3)


def statement(number: int = 1, **fields: object) -> RehearsedStatement:
    given = {"effects": Effects(), "seconds": 0.002, **fields}
    return RehearsedStatement(number, "alter table orders", PLACE, None, 1, True, **given)  # type: ignore[arg-type]


def script(*statements: RehearsedStatement, outcome: Outcome = Outcome.PASS, **fields: object) -> RehearsedScript:
    result = Result(outcome, Kind.SCRIPT, "01_a", "01_a/apply.sql", **fields)  # type: ignore[arg-type]
    return RehearsedScript("01_a/apply.sql", "01_a", statements, result)


def rehearsal(*scripts: RehearsedScript, **ground: object) -> Rehearsal:
    where = Ground("a copy", **ground)  # type: ignore[arg-type]
    return Rehearsal("shop", "staging", "18.4", "2026-11-22T15:10:00+00:00", "0.1.0", where, scripts, ())


def test_what_differs_and_is_missing_is_told_first() -> None:
    lacking = Missing("table", "public", "places", 'type "geometry" does not exist')
    assert list(ground_lines(rehearsal(differs=("PostgreSQL 18 instead of 15",), missing=(lacking,)))) == [
        "on       a copy",
        "differs  PostgreSQL 18 instead of 15",
        'missing  table public.places: type "geometry" does not exist',
    ]


def test_each_fact_has_a_line() -> None:
    assert list(script_lines(script(statement(effects=HEAVY)))) == [
        "01_a/apply.sql",
        "  1  alter table orders                                                    phases/01_a/apply.sql:3   2.0 ms",
        "       locks      ACCESS EXCLUSIVE on table public.orders (2.1 M rows, 480 MB)",
        "       rewritten  table public.orders (2.1 M rows, 480 MB)",
        "       emptied    table public.log",
        "       built      index public.orders_pkey over 2.1 M rows, 480 MB",
        "       changed    column public.orders.note",
        "                  function public.f()",
        "       hazard     rewrites table public.orders (2.1 M rows, 480 MB) under ACCESS EXCLUSIVE",
    ]


def test_what_was_not_run_says_why() -> None:
    assert list(script_lines(script(statement(skipped="no such extension"))))[1:] == [
        "  1  alter table orders                                                    phases/01_a/apply.sql:3",
        "       not run    no such extension",
    ]


def test_a_script_behind_a_failure_is_one_line() -> None:
    blocked = script(outcome=Outcome.BLOCKED, message='waits for "01_a/apply.sql", which failed')
    assert list(script_lines(blocked)) == ['01_a/apply.sql   not rehearsed: waits for "01_a/apply.sql", which failed']


def test_the_sum_counts_what_was_run_and_what_was_not() -> None:
    whole = rehearsal(
        script(statement(effects=HEAVY), statement(2, skipped="x"), outcome=Outcome.FAIL),
        script(outcome=Outcome.BLOCKED),
    )
    assert sum_line(whole, 2.1, failed=True) == (
        "FAILED   1 statement rehearsed, 1 not; 1 script failed, 1 not reached; 1 table rewritten, 1 index built, "
        "0 objects created, 2 changed, 0 dropped; nothing to audit   in 2.1 s"
    )


def test_the_page_has_a_row_for_each_statement() -> None:
    page = render_rehearsal_markdown(rehearsal(script(statement(effects=HEAVY), statement(2, skipped="no | way"))))
    assert page.splitlines()[0] == "# Rehearsal of shop for staging: went through"
    assert page.splitlines()[-2:] == [
        "| phases/01_a/apply.sql:3 | `alter table orders` | **rewrites table public.orders (2.1 M rows, 480 MB) under "
        "ACCESS EXCLUSIVE**<br>ACCESS EXCLUSIVE on table public.orders (2.1 M rows, 480 MB)<br>rewrites table "
        "public.orders (2.1 M rows, 480 MB)<br>empties table public.log<br>builds index public.orders_pkey<br>changed "
        "column public.orders.note<br>changed function public.f() |",
        "| phases/01_a/apply.sql:3 | `alter table orders` | **not rehearsed**: no \\| way |",
    ]


def test_statements_are_results_for_every_form() -> None:
    results = rehearsal(script(statement(effects=HEAVY), statement(2, skipped="x"), statement(3))).results
    assert [(result.kind, result.outcome) for result in results] == [
        (Kind.REHEARSAL, Outcome.WARN),
        (Kind.REHEARSAL, Outcome.SKIP),
        (Kind.REHEARSAL, Outcome.PASS),
        (Kind.SCRIPT, Outcome.PASS),
    ]
