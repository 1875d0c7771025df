"""`nexiom lint` from the command line, and what the rules find elsewhere: in a plan, in a report, in a build."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from nexiom_runner.lint.rule import all_rules

COUNTS = Counter(rule.looks_at for rule in all_rules().values())
LOOKING = len(all_rules()) - 3  # two are off here, and no server of the tests has plpgsql_check
OPEN = "create table public.notes (id integer primary key);\ngrant select on public.notes to anon;\n"
WAIVED = """\
waivers:
  - rule: row-security-off
    object: table notes
    reason: Opening hours, which anybody may read
    owner: sales
    until: 2099-12-31
"""


def commit(dsn: str, sql: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(sql)


@pytest.fixture
def applied(staging: Any) -> Any:
    """The shop with a table that anybody may read, applied; what else the rules say of it is switched off."""
    staging.write("phases/3_notes/apply.sql", OPEN)
    settings = staging.read("nexiom.yml")
    staging.write("nexiom.yml", settings + "rules: {table-not-granted: off, schema-cache-stale: off}\n")
    assert staging.run("apply").code == 0
    return staging


def waive(shop: Any, text: str = WAIVED) -> None:
    shop.write("nexiom.yml", shop.read("nexiom.yml") + text)


def test_a_finding_stands_at_the_line_with_its_fix(applied: Any) -> None:
    ran = applied.run("lint")
    assert ran.code == 1
    assert ran.out == (
        "FAIL  3_notes  table notes                                                      phases/3_notes/apply.sql:1\n"
        "      row-security-off  row security is off, and anon may select every row\n"
        "    1 | create table public.notes (id integer primary key);\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "      fix       alter table public.notes enable row level security;\n"
        "\n"
        "skipped  plpgsql_check: the server does not have this extension (Debian: postgresql-NN-plpgsql-check)\n"
        f"looked at 5 statements, 0 UNPARSED; 2 tables, 1 function, 2 indexes, 2 constraints; {LOOKING} rules\n"
        "FAILED   1 error, 0 warnings, 0 waived, 1 not looked at   in T\n"
    )


def test_a_waiver_is_listed_and_the_rest_passes(applied: Any) -> None:
    waive(applied)
    ran = applied.run("lint")
    assert ran.code == 0
    assert (
        "waived   row-security-off  table notes: Opening hours, which anybody may read (sales, until 2099-12-31)\n"
        in ran.out
    )
    assert "PASSED   0 errors, 0 warnings, 1 waived, 1 not looked at   in T\n" in ran.out


def test_an_expired_waiver_fails(applied: Any) -> None:
    waive(applied, WAIVED.replace("2099-12-31", "2026-01-31"))
    ran = applied.run("lint")
    assert ran.code == 1
    assert (
        "the waiver of row-security-off expired on 2026-01-31 (sales: Opening hours, which anybody may read)" in ran.out
    )


def test_offline_says_what_was_not_looked_at(applied: Any) -> None:
    ran = applied.run("lint", "--offline")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert [line for line in lines if line.startswith("skipped")] == [
        f"skipped  {COUNTS['catalog'] - 1} rules on the catalog: no server was asked",
        f"skipped  {COUNTS['plan'] - 1} rules on the plan: no server was asked",
        "skipped  plpgsql_check: no server was asked",
    ]
    assert lines[-2] == (
        f"looked at 5 statements, 0 UNPARSED; no object: no server was asked; {COUNTS['scripts']} rules"
    )
    assert applied.run("lint", "--offline", "--fail-on", "skip").code == 1


def test_offline_needs_no_address(shop: Any) -> None:
    assert shop.run("lint", "--target", "staging").code == 2
    assert shop.run("lint", "--target", "staging", "--offline").code == 0


def test_a_target_that_was_named_must_be_reached(applied: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_DSN", "host=/nowhere dbname=shop user=x")
    assert applied.run("lint").code == 4


def test_a_target_that_nobody_named_is_skipped_where_it_is_not_there(
    applied: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEXIOM_TARGET")
    monkeypatch.setenv("SHOP_DSN", "host=/nowhere dbname=shop user=x")
    applied.write("nexiom.yml", applied.read("nexiom.yml").replace("default_target: local", "default_target: staging"))
    ran = applied.run("lint")
    assert ran.code == 0
    assert f"skipped  {COUNTS['catalog'] - 1} rules on the catalog: " in ran.out


def test_a_role_that_may_not_see_is_an_error_with_the_grant(applied: Any, admin_dsn: str, dsn: str) -> None:
    commit(admin_dsn, "revoke select on pg_policy from public")
    ran = applied.run("lint")
    assert ran.code == 1
    assert "the catalog cannot be read: permission denied for table pg_policy\n" in ran.out
    assert "      fix       grant select on pg_policy to nexiom_owner;\n" in ran.out
    assert "row-security-off  row security is off" in ran.out


def test_a_phase_that_is_not_applied_is_said(applied: Any) -> None:
    applied.write("phases/4_more/apply.sql", "create table public.more (id integer primary key);\n")
    out = applied.run("lint").out
    assert "skipped  phase 4_more: it is not applied, so that the catalog has not its objects\n" in out


def test_many_phases_that_are_not_applied_are_one_line(applied: Any) -> None:
    for number in range(4, 12):
        applied.write(f"phases/{number}_more/apply.sql", f"create table public.m{number} (id integer primary key);\n")
    skipped = [line for line in applied.run("lint").out.splitlines() if line.startswith("skipped")]
    why = "they are not applied, so that the catalog has not their objects"
    assert f"skipped  8 phases from 4_more on: {why}" in skipped
    assert len(skipped) == 2


def test_a_rule_that_is_none_stops_before_the_database(shop: Any) -> None:
    shop.write("nexiom.yml", shop.read("nexiom.yml") + "rules: {row-security: off}\n")
    ran = shop.run("lint")
    assert ran.code == 2
    assert ran.err.startswith('error: unknown rule "row-security" in "nexiom.yml"\n')


def test_rules_are_listed_with_what_they_count_as(shop: Any) -> None:
    shop.write("nexiom.yml", shop.read("nexiom.yml") + "rules: {no-primary-key: error}\n")
    lines = shop.run("lint", "--rules").out.splitlines()
    assert len(lines) == len(all_rules())
    assert [line for line in lines if line.startswith("no-primary-key ")] == [
        "no-primary-key                      performance  error  A table has no primary key"
    ]


@pytest.mark.parametrize("form", ["json", "junit", "sarif", "github", "markdown"])
def test_every_form_is_written_and_names_the_finding(applied: Any, tmp_path: Path, form: str) -> None:
    path = tmp_path / "out" / form
    assert applied.run("lint", "--out", f"{form}={path}").code == 1
    text = path.read_text("utf-8")
    assert "row-security-off" in text
    assert "row security is off, and anon may select every row" in text


def test_annotations_go_to_stdout_for_github(applied: Any) -> None:
    out = applied.run("lint", "--quiet", "--out", "github=-").out
    assert out.splitlines()[0] == (
        "::error file=phases/3_notes/apply.sql,line=1,col=1,endColumn=51,title=row-security-off%3A table notes::"
        "row security is off, and anon may select every row%0A"
        "fix: alter table public.notes enable row level security;"
    )


def test_json_on_stdout_is_json_and_nothing_else(applied: Any) -> None:
    document = json.loads(applied.run("lint", "--format", "json").out)
    assert document["coverage"]["statements"] == 5
    assert document["findings"][0]["attribute"] == "row-security-off"


def test_the_report_has_a_section_of_what_the_rules_found(applied: Any) -> None:
    waive(applied)
    out = applied.run("report").out
    assert "## What the rules found\n\n### Waived\n\n" in out
    assert (
        "| row-security-off | table notes | row security is off, and anon may select every row — "
        "Opening hours, which anybody may read | sales | 2099-12-31 |" in out
    )


def test_a_finding_makes_a_report_not_ready(applied: Any) -> None:
    ran = applied.run("report")
    assert ran.code == 1
    assert ran.out.startswith("# Readiness of shop on staging: NOT READY\n")


def test_a_build_asks_the_rules_where_the_project_speaks_of_them(applied: Any) -> None:
    assert "row-security-off" in applied.run("build").out
    settings = applied.read("nexiom.yml")
    applied.write("nexiom.yml", "\n".join(line for line in settings.split("\n") if not line.startswith("rules:")))
    assert applied.run("build").code == 0


def test_a_plan_weighs_what_it_would_lock(applied: Any, dsn: str) -> None:
    commit(dsn, "insert into orders select n, 1 from generate_series(100, 30100) as n; analyze orders")
    applied.write("phases/4_index/apply.sql", "create index orders_amount on public.orders (amount);\n")
    out = applied.run("plan").out
    assert (
        "hazard: table orders: takes SHARE on orders (30 k rows, 1.1 MB) until the index is built: every write waits\n"
        "  phases/4_index/apply.sql:1:1\n" in out
    )
    assert "hint: create index concurrently, which nobody waits for (index-blocks-writes)\n" in out
    (rule,) = json.loads(applied.run("plan", "--format", "json").out)["rules"]
    assert rule["place"] == "phases/4_index/apply.sql:1:1"
