"""`nexiom plan` and `nexiom apply`: what would run and why, what ran, and that a plan touches nothing."""

import json

from nexiom_runner.database.session import Session

PLAN = """\
shop → staging (DATABASE)
last applied 1_orders, NOW UTC by {who}

 + 2_totals                          new
     repeatable/totals.sql               create function totals()

1 phase, 1 statement, all transactional. Nothing was changed. Apply with `nexiom apply --target staging`.
"""


def state_of(session: Session) -> tuple[object, ...]:
    """What a plan must leave as it was: the catalog's newest rows, the ledger, the transaction counter."""
    sent = session.send(
        "select (select max(xmin::text::bigint) from pg_class), (select count(*) from pg_class),"
        " to_regclass('nexiom.ledger')::text, pg_current_xact_id_if_assigned()::text"
    )
    return tuple(sent[0].rows[0])


def test_apply_to_a_phase_then_plan_the_rest(staging, who) -> None:
    first = staging.run("apply", "--to", "1_orders")
    assert first.all == (
        0,
        "nexiom 0.1.0 · shop · target staging (DATABASE)\n"
        "plan: 1 phase, 2 statements, all transactional\n\n"
        " applied  1_orders/apply.sql   2 statements   T\n\n1 script applied in T\n",
        "",
    )
    assert staging.run("plan").all == (0, PLAN.format(who=who), "")


def test_plan_check_is_1_while_there_is_anything_to_do(staging) -> None:
    assert staging.run("plan", "--check").code == 1
    staging.run("apply")
    assert staging.run("plan", "--check").all == (
        0,
        "staging is up to date: 2 phases, last applied just now; the catalog was not compared (nexiom audit)\n",
        "",
    )


def test_plan_touches_nothing(staging, session) -> None:
    before = state_of(session)
    assert staging.run("plan").code == 0
    assert state_of(session) == before


def test_plan_after_an_apply_adds_nothing_to_the_ledger(staging, session) -> None:
    staging.run("apply", "--to", "1_orders")
    count = "select count(*), max(at) from nexiom.ledger"
    before = session.send(count)[0].rows
    staging.run("plan")
    staging.run("status")
    assert session.send(count)[0].rows == before


def test_plan_as_json_names_each_step(staging) -> None:
    steps = json.loads(staging.run("plan", "--format", "json").out)["steps"]
    assert [(step["script"], step["state"]) for step in steps] == [
        ("1_orders/apply.sql", "pending"),
        ("2_totals/repeatable/totals.sql", "pending"),
    ]


def test_apply_stops_at_the_first_failure(staging) -> None:
    staging.write("phases/3_x/apply.sql", "select nope;\n")
    staging.write("phases/4_y/apply.sql", "select 1;\n")
    ran = staging.run("apply")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.endswith(
        '\nerror: phase "3_x" failed: column "nope" does not exist\n'
        "  phases/3_x/apply.sql:1:8\n    1 | select nope;\n      |        ^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42703 in statement 1 of 1.\n"
        'state: "3_x" was rolled back. 2 phases applied before it remain applied. Running apply again is safe.\n\n'
        "2 scripts applied, 1 failed, 1 not run in T\n"
    )


def test_apply_runs_on_a_protected_target_that_is_named(staging) -> None:
    ran = staging.run("apply", "--target", "production")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("\n2 scripts applied in T\n")


def test_changed_repeatable_runs_again(staging) -> None:
    staging.run("apply")
    text = staging.read("phases/2_totals/repeatable/totals.sql")
    staging.write("phases/2_totals/repeatable/totals.sql", text.replace("'orders'", "'all'"))
    assert " ~ 2_totals                          changed\n" in staging.run("plan").out
    staging.run("apply")
    assert staging.run("call", "totals").out == '{\n  "all": 1\n}\n'


def test_comment_in_a_repeatable_runs_nothing(staging) -> None:
    staging.run("apply")
    text = staging.read("phases/2_totals/repeatable/totals.sql")
    staging.write("phases/2_totals/repeatable/totals.sql", "-- why\n" + text)
    assert staging.run("plan", "--check").code == 0


def test_quiet_apply_says_nothing(staging) -> None:
    assert staging.run("apply", "-q").all == (0, "", "")


def test_apply_as_json_is_its_results(staging) -> None:
    ran = staging.run("apply", "--format", "json")
    assert [(one["subject"], one["outcome"]) for one in json.loads(ran.out)] == [
        ("1_orders/apply.sql", "PASS"),
        ("2_totals/repeatable/totals.sql", "PASS"),
    ]
    assert staging.run("apply", "--format", "json").out == "[]\n"


def test_apply_writes_the_files_asked_for(staging) -> None:
    staging.write("phases/3_x/apply.sql", "select nope;\n")
    ran = staging.run("apply", "--out", "json=out.json")
    assert (ran.code, json.loads(staging.read("out.json"))["verdict"]) == (1, "NOT READY")
