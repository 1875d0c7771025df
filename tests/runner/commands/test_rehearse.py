"""`nexiom rehearse`: the plan on a copy or on the target itself, what it prints and writes, its exit code."""

import json
import re
from typing import Any

import psycopg
import pytest

from nexiom_runner.database.embedded import Running

NEXT = "phases/3_next/apply.sql"
CHANGE = "alter table orders alter amount type bigint;\ncreate index concurrently amounts on orders (amount);\n"
EXPECTED = "title: Next\nexpect: {tables: {orders: {columns: {amount: bigint}}}}\n"
ITSELF = "select md5(string_agg(c::text, ',' order by oid)) from pg_class as c where c.oid >= 16384"


def asked(dsn: str, query: str) -> Any:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query).fetchone()
    return row and row[0]


@pytest.fixture
def applied(staging: Any, dsn: str, server: Running, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The project applied, with 20,000 orders that the statistics know, and a phase that is to come."""
    monkeypatch.setenv("NEXIOM_STATE_DIR", str(server.state.base))
    assert staging.run("apply").code == 0
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("insert into orders select i, 1 from generate_series(2, 20000) as i")
        connection.execute("vacuum analyze orders")
    staging.write(NEXT, CHANGE)
    staging.write("phases/3_next/phase.yml", EXPECTED)
    return staging


def settled(text: str) -> str:
    """Without the version of the tests' server, and what depends on how busy the machine is."""
    return re.sub(r"(PostgreSQL|pg_dump) \d[\d.]*", r"\1 N", re.sub(r" +(?=phases/)", "  ", text))


def test_each_statement_is_told_with_what_was_measured(applied: Any, dsn: str) -> None:
    before = asked(dsn, ITSELF)
    ran = applied.run("rehearse")
    assert settled(ran.out) == (
        "plan: 1 phase, 2 statements, 1 outside a transaction; 1 script not atomic: what is committed before a "
        "failure stays\n"
        "on       schema by pg_dump N, without rows, on PostgreSQL N\n"
        "\n"
        "3_next/apply.sql\n"
        "  1  alter table orders  phases/3_next/apply.sql:1   T\n"
        "       locks      ACCESS EXCLUSIVE on table public.orders (20 k rows, 712 kB)\n"
        "       rewritten  table public.orders (20 k rows, 712 kB)\n"
        "       read       table public.orders (20 k rows, 712 kB), from end to end\n"
        "       built      index public.orders_pkey over 20 k rows, 712 kB\n"
        "       changed    column public.orders.amount\n"
        "       hazard     rewrites table public.orders (20 k rows, 712 kB) under ACCESS EXCLUSIVE\n"
        "  2  create index amounts on orders, outside a transaction  phases/3_next/apply.sql:2   T\n"
        "       locks      SHARE UPDATE EXCLUSIVE on table public.orders (20 k rows, 712 kB), as documented: not "
        "measured\n"
        "       built      index public.amounts over 20 k rows, 712 kB\n"
        "       created    index public.amounts\n"
        "\n"
        "PASSED   2 statements rehearsed, 0 not; 1 table rewritten, 2 indexes built, 1 object created, 1 changed, "
        "0 dropped; audits: 5 passed, 0 failed, 0 not looked at   in T\n"
    )
    assert ran.code == 0
    assert asked(dsn, ITSELF) == before


def test_a_failure_is_told_as_by_apply_and_nothing_is_audited(applied: Any) -> None:
    applied.write(NEXT, "alter table orders add column note text;\nalter table leads add column note text;\n")
    ran = applied.run("rehearse")
    assert ran.code == 1
    assert (
        'error: phase "3_next" failed: relation "leads" does not exist\n'
        "  phases/3_next/apply.sql:2:1\n"
        "    2 | alter table leads add column note text;\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42P01 in statement 2 of 2.\n"
        'state: It failed on a copy; nothing of "staging" was changed.\n'
    ) in ran.out
    assert "FAILED   1 statement rehearsed, 0 not; 1 script failed, 0 not reached;" in ran.out


def test_an_expectation_that_the_plan_does_not_meet_fails(applied: Any) -> None:
    applied.write("phases/3_next/phase.yml", EXPECTED.replace("bigint", "text"))
    ran = applied.run("rehearse")
    assert ran.code == 1
    assert "FAIL  3_next  table orders" in ran.out
    assert "expected text  found bigint" in ran.out


def test_on_the_target_everything_is_rolled_back(applied: Any, dsn: str) -> None:
    before = asked(dsn, ITSELF)
    ran = applied.run("rehearse", "--on-target", "--within", "20s")
    assert ran.code == 0
    assert 'on       "staging" itself, in one transaction that is rolled back\n' in ran.out
    assert "not run    it runs outside any transaction, and what it does there cannot be taken back\n" in ran.out
    assert "PASSED   1 statement rehearsed, 1 not;" in ran.out
    assert asked(dsn, ITSELF) == before


def test_on_the_target_whoever_holds_a_table_is_not_waited_for_long(applied: Any, dsn: str) -> None:
    with psycopg.connect(dsn) as other:
        other.execute("select 1 from orders limit 1")
        ran = applied.run("rehearse", "--on-target")
    assert ran.code == 1
    assert (
        "detail: PostgreSQL reported SQLSTATE 55P03 in statement 1 of 2. A rehearsal on the target waits T for a lock, "
        "and is not tried again.\n"
        'state: Everything was rolled back; nothing of "staging" was changed.\n'
    ) in ran.out


def test_on_the_target_no_other_runner_is_at_work(applied: Any, dsn: str) -> None:
    with psycopg.connect(dsn) as other:
        other.execute("select pg_advisory_xact_lock(7237145, hashtext('shop'))")
        ran = applied.run("rehearse", "--on-target")
    assert (ran.code, ran.err) == (
        4,
        'error: another runner is at work on project "shop"\nhint: Try again when it has ended.\n',
    )


def test_a_protected_target_is_never_rehearsed_on(applied: Any) -> None:
    ran = applied.run("rehearse", "--on-target", "--target", "production")
    assert ran.all == (
        2,
        "",
        'error: "production" is protected: no plan is rehearsed on the target itself\n'
        "detail: It would hold its locks for as long as the rehearsal takes.\n"
        "hint: Rehearse on a copy of its schema: nexiom rehearse --target production\n",
    )


@pytest.mark.full
def test_a_protected_target_is_rehearsed_on_a_copy(applied: Any) -> None:
    assert applied.run("rehearse", "--target", "production").code == 0


def test_nothing_to_do_is_one_line(staging: Any) -> None:
    staging.run("apply")
    ran = staging.run("rehearse")
    told = "staging is up to date: 2 phases, last applied just now; the catalog was not compared (nexiom audit)\n"
    assert (ran.code, ran.out) == (0, told)


@pytest.mark.full
def test_the_embedded_target_is_rehearsed_on_a_copy_too(local: Any) -> None:
    ran = local.run("rehearse")
    assert ran.code == 0
    assert "created    table public.orders\n" in ran.out
    assert "1_orders" in local.run("plan").out


def test_an_audit_over_rows_says_nothing_of_a_copy(applied: Any) -> None:
    applied.write("audits/orders.sql", "select id::text as object, null as problem, null as fix from orders\n")
    ran = applied.run("rehearse")
    assert ran.code == 0
    assert "skipped  orders: it reads public.orders, and the copy lacks the target's rows\n" in ran.out
    assert "skipped" not in applied.run("rehearse", "--on-target").out


@pytest.mark.full
def test_fail_on_raises_hazards_and_what_was_not_rehearsed(applied: Any) -> None:
    assert applied.run("rehearse", "--fail-on", "warn").code == 1
    assert applied.run("rehearse", "--fail-on", "skip").code == 0
    assert applied.run("rehearse", "--fail-on", "skip", "--on-target").code == 1


def test_json_has_every_fact(applied: Any) -> None:
    document = json.loads(applied.run("rehearse", "--format", "json").out)
    first = document["scripts"][0]["statements"][0]
    table = {"kind": "table", "name": "public.orders", "rows": 20_000, "bytes": 712 * 1024}
    assert first["place"] == "phases/3_next/apply.sql:1:1"
    assert first["locks"] == [{"mode": "ACCESS EXCLUSIVE", "measured": True, **table}]
    assert first["rewritten"] == [table]
    assert (document["format"], document["ground"]["on_target"], document["ground"]["missing"]) == (1, False, [])


def test_every_form_is_written(applied: Any) -> None:
    forms = ("json", "junit", "sarif", "github", "markdown")
    applied.run("rehearse", *(word for form in forms for word in ("--out", f"{form}=out/{form}")))
    written = {form: applied.read(f"out/{form}") for form in forms}
    assert 'name="3_next/apply.sql, statement 1 alter table orders"' in written["junit"]
    (hazard,) = json.loads(written["sarif"])["runs"][0]["results"]
    assert (hazard["ruleId"], hazard["level"]) == ("rehearsal", "warning")
    assert hazard["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert written["github"].startswith("::warning file=phases/3_next/apply.sql,line=1,col=1")
    assert "**rewrites table public.orders (20 k rows, 712 kB) under ACCESS EXCLUSIVE**" in written["markdown"]
    assert json.loads(written["json"])["target"] == "staging"


@pytest.mark.parametrize("word", ["soon", "0"])
def test_a_bound_must_be_a_duration(shop: Any, word: str) -> None:
    ran = shop.run("rehearse", "--on-target", "--within", word)
    assert ran.code == 2
    assert f"expected a duration such as 500ms, 5s, 2m, 1h, found {word}" in ran.err
