"""`nexiom build`: what it prints, what it leaves behind, and what a failure blocks."""

from typing import Never

from nexiom_runner.database.session import Session

FIRST = """\
nexiom 0.1.0 · shop · target staging (DATABASE)
plan: 2 phases, 3 statements, all transactional

 1_orders applied     2 statements   T   audit –       test –
 2_totals applied      1 statement   T   audit 3/3     test 1/1

audits   none                           tests   1 passed

READY   2 phases, 4 checks: 4 passed, 0 failed, 0 waiting, 0 not looked at   in T
report: target/readiness.md
"""
SECOND = """\
nexiom 0.1.0 · shop · target staging (DATABASE)
staging is up to date: 2 phases, last applied just now

 1_orders applied                             audit –       test –
 2_totals applied                             audit 3/3     test 1/1

audits   none                           tests   1 passed

READY   2 phases, 4 checks: 4 passed, 0 failed, 0 waiting, 0 not looked at   in T
report: target/readiness.md
"""


def tables(session: Session) -> set[str]:
    sent = session.send("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
    return {row[0] for row in sent[0].rows}


def interrupted(*_: object) -> Never:
    raise KeyboardInterrupt


def spaces(text: str) -> str:
    """The text with runs of blanks as one: a duration's width differs from run to run."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def test_first_build_applies_checks_and_gives_the_verdict(staging) -> None:
    ran = staging.run("build")
    assert (ran.code, spaces(ran.out), ran.err) == (0, spaces(FIRST), "")


def test_second_build_says_nothing_changed_and_the_same_verdict(staging) -> None:
    staging.run("build")
    ran = staging.run("build")
    assert (ran.code, spaces(ran.out), ran.err) == (0, spaces(SECOND), "")


def test_quiet_success_is_silent(staging) -> None:
    assert staging.run("build", "-q").all == (0, "", "")


def test_quiet_failure_prints_the_failure_alone(staging) -> None:
    staging.write("phases/3_x/apply.sql", "select 1 / 0;\n")
    ran = staging.run("build", "-q")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (
        '\nerror: phase "3_x" failed: division by zero\n  phases/3_x/apply.sql:1:1\n    1 | select 1 / 0;\n'
        "      | ^^^^^^^^^^^^^\ndetail: PostgreSQL reported SQLSTATE 22012 in statement 1 of 1.\n"
        'state: "3_x" was rolled back. 2 phases applied before it remain applied. Running apply again is safe.\n\n'
    )


def test_invalid_sql_in_the_middle_of_a_file_names_place_state_and_hint(staging) -> None:
    script = "create table public.ok (id integer);\n\ninsert into public.ordrs values (1);\nselect 1;\n"
    staging.write("phases/3_x/apply.sql", script)
    ran = staging.run("build")
    assert ran.code == 1
    assert (
        "\n 3_x      failed                              audit –       test –\n\n"
        'error: phase "3_x" failed: relation "public.ordrs" does not exist\n'
        "  phases/3_x/apply.sql:3:13\n"
        "    3 | insert into public.ordrs values (1);\n"
        "      |             ^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42P01 in statement 2 of 3.\n"
        'state: "3_x" was rolled back. 2 phases applied before it remain applied. Running apply again is safe.\n'
        'hint: Did you mean "orders"?\n\n'
        "audits   none                           tests   1 passed\n\n"
        "NOT READY   3 phases (1 not applied), 4 checks: 4 passed, 0 failed, 0 waiting, 0 not looked at   in T\n"
    ) in ran.out


def test_failing_script_blocks_every_later_phase(staging, session) -> None:
    staging.write("phases/1_orders/apply.sql", "create table public.orders (id integer); select nope;\n")
    staging.write("phases/3_x/apply.sql", "create table public.later (id integer);\n")
    ran = staging.run("build")
    assert ran.code == 1
    assert ' 2_totals blocked   waits for "1_orders", which failed\n' in ran.out
    assert ' 3_x      blocked   waits for "1_orders", which failed\n' in ran.out
    assert tables(session) == set()


def test_build_that_cannot_start_leaves_no_report_of_the_one_before(staging) -> None:
    assert staging.run("build").code == 0
    staging.write("phases/2_totals/phase.yml", "title: [\n")
    assert staging.run("build").code == 2
    left = [name for name in ("readiness.md", "readiness.json") if (staging.root / "target" / name).exists()]
    assert left == []


def test_interrupted_build_leaves_no_report_of_the_one_before(staging, monkeypatch) -> None:
    assert staging.run("build").code == 0
    monkeypatch.setattr("nexiom_runner.commands.build.run_tests", interrupted)
    assert staging.run("build").code == 130
    assert not (staging.root / "target/readiness.md").exists()


def test_failed_build_counts_the_checks_of_what_is_not_applied(staging) -> None:
    staging.write("phases/1_orders/apply.sql", "select nope;\n")
    staging.write("audits/told.sql", TOLD.replace("-- phase: 1_orders\n", ""))
    staging.write("tests/sql/counts.sql", "-- result: one\nselect 1;\n")
    ran = staging.run("build")
    assert (ran.code, ran.err) == (1, "")
    assert (
        ' 2_totals blocked   waits for "1_orders", which failed\n\n'
        "audits   1 not looked at                tests   2 not looked at\n"
        "skipped  2_totals: the phase is not applied (2 checks)\n"
        "skipped  all phases  told: phase 1_orders is not applied\n"
        "skipped  all phases  tests/sql/counts.sql: phase 1_orders is not applied\n\n"
        "NOT READY   2 phases (2 not applied), 4 checks: 0 passed, 0 failed, 0 waiting, 4 not looked at   in T\n"
    ) in ran.out


def test_failing_call_blocks_every_later_phase(staging, session) -> None:
    settings = staging.read("phases/2_totals/phase.yml").replace("int >= 1", "int >= 5")
    staging.write("phases/2_totals/phase.yml", settings)
    staging.write("phases/3_x/apply.sql", "create table public.later (id integer);\n")
    ran = staging.run("build")
    assert ran.code == 1
    assert (
        "FAIL  2_totals  totals: counts                                                  phases/2_totals/phase.yml:10\n"
        "      $.orders  expected int >= 5  found 1 (number)\n"
        "      select public.totals()   rolled back, T\n\n"
        ' 3_x      blocked   waits for "2_totals", which failed\n'
    ) in ran.out
    assert tables(session) == {"orders"}


def test_failing_attribute_blocks_every_later_phase(staging, session) -> None:
    settings = staging.read("phases/2_totals/phase.yml").replace("returns: jsonb", "returns: json")
    staging.write("phases/2_totals/phase.yml", settings)
    staging.write("phases/3_x/apply.sql", "create table public.later (id integer);\n")
    ran = staging.run("build")
    assert ran.code == 1
    assert "      returns  expected json  found jsonb\n" in ran.out
    assert tables(session) == {"orders"}


def test_mending_what_failed_and_building_again_goes_on(staging) -> None:
    staging.write("phases/3_x/apply.sql", "select nope;\n")
    assert staging.run("build").code == 1
    staging.write("phases/3_x/apply.sql", "select 1;\n")
    ran = staging.run("build")
    assert ran.code == 0
    assert "plan: 1 phase, 1 statement, all transactional\n" in ran.out


TOLD = """\
-- phase: 1_orders
select proname as object, case when obj_description(oid, 'pg_proc') is null then 'no comment' end as problem,
  'add' as fix
from pg_proc where proname = 'totals';
"""
COMMENT = "comment on function public.totals() is 'Orders in all.';\n"


def test_changed_repeatable_runs_before_the_check_of_an_earlier_phase_that_it_mends(staging) -> None:
    staging.run("apply")
    staging.write("audits/told.sql", TOLD)
    assert staging.run("build").code == 1
    path = "phases/2_totals/repeatable/totals.sql"
    staging.write(path, staging.read(path) + COMMENT)
    ran = staging.run("build")
    assert ran.code == 0
    assert spaces("\n 2_totals applied      2 statements   T   audit 3/3     test 1/1\n") in spaces(ran.out)


def test_changed_repeatable_that_needs_a_new_phase_waits_and_says_how_it_is_applied(staging, session) -> None:
    staging.run("apply")
    staging.write("audits/told.sql", TOLD)
    staging.write("phases/3_note/apply.sql", "alter table public.orders add column note text;\n")
    text = staging.read("phases/2_totals/repeatable/totals.sql")
    staging.write("phases/2_totals/repeatable/totals.sql", text.replace("count(*)", "count(note)") + COMMENT)
    ran = staging.run("build")
    assert ran.code == 1
    assert (
        ' 2_totals blocked   waits for "1_orders", which failed\n'
        "hint: 2_totals/repeatable/totals.sql is changed and not applied; `nexiom apply --target staging` applies "
        "without the checks\n"
    ) in ran.out
    assert staging.run("apply").code == 0


def test_changed_repeatable_that_fails_leaves_what_is_new_blocked(staging, session) -> None:
    staging.run("apply")
    staging.write("phases/2_totals/repeatable/totals.sql", "select nope;\n")
    staging.write("phases/3_x/apply.sql", "create table public.later (id integer);\n")
    ran = staging.run("build")
    assert ran.code == 1
    assert 'error: phase "2_totals" failed: column "nope" does not exist\n' in ran.out
    assert ' 3_x      blocked   waits for "2_totals", which failed\n' in ran.out
    assert "hint:" not in ran.out
    assert tables(session) == {"orders"}


def test_call_of_a_function_that_is_not_there(staging) -> None:
    settings = "expect:\n  functions:\n    totlas:\n      arguments: {}\n      calls:\n        counts: {with: {}}\n"
    staging.write("phases/2_totals/phase.yml", settings)
    ran = staging.run("build", "-q")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (
        "\nFAIL  2_totals  function totlas()                                               "
        "phases/2_totals/phase.yml:3\n"
        '      present  expected totlas()  missing  did you mean "totals"?\n\n'
        "ERROR 2_totals  totlas: counts                                                  "
        "phases/2_totals/phase.yml:6\n"
        '      there is no function "totlas"\n'
        '      fix       Did you mean "totals"?\n\n'
    )


def test_audit_that_examined_nothing_is_an_error_and_unknown(staging) -> None:
    staging.write("audits/none.sql", "select '' as object, '' as problem, '' as fix where false;\n")
    ran = staging.run("build")
    assert ran.code == 1
    assert (
        "\nERROR all phases  none                                                          audits/none.sql:1\n"
        "      examined nothing: it returned no row\n"
        "      fix       Return a row for each object, also where all is well, or say "
        "`-- may be empty: REASON` in the first lines.\n\n"
        "audits   1 not looked at                tests   1 passed\n\n"
        "UNKNOWN   2 phases, 5 checks: 4 passed, 0 failed, 0 waiting, 1 not looked at   in T\n"
    ) in ran.out


def test_audit_that_finds_something_fails_with_its_fix(staging) -> None:
    staging.write("audits/bad.sql", "select 'public.orders' as object, 'is bad' as problem, 'drop it' as fix;\n")
    ran = staging.run("build", "-q")
    assert (ran.code, ran.out) == (
        1,
        "\nFAIL  all phases  public.orders                                                 audits/bad.sql:1\n"
        "      bad  is bad\n      fix       drop it\n\n",
    )


def test_verbose_adds_the_sql_that_is_sent_and_the_time_of_the_checks(staging) -> None:
    ran = staging.run("build", "-v", "--to", "1_orders")
    assert ran.err == f"-- 1_orders/apply.sql\n{staging.read('phases/1_orders/apply.sql')}\n-- 0 checks in T\n\n"


def test_to_stops_behind_the_phase(staging, session) -> None:
    staging.write("phases/3_x/apply.sql", "create table public.later (id integer);\n")
    ran = staging.run("build", "--to", "2_totals")
    assert (ran.code, tables(session)) == (0, {"orders"})
    assert "READY   2 phases, 4 checks" in ran.out


def test_phase_13_adds_a_column_that_a_repeatable_of_phase_05_uses(staging) -> None:
    staging.write(
        "phases/05_names/repeatable/labels.sql", "create view public.labels as select label from public.orders;"
    )
    staging.write("phases/13_label/apply.sql", "alter table public.orders add column label text;\n")
    ran = staging.run("build")
    assert ran.code == 0
    order = staging.run("graph", "--select", "05_names").out
    assert 'after 13_label/apply.sql   mentions column "public.orders.label"' in order


def test_fail_on_pending_raises_what_waits(staging) -> None:
    settings = staging.read("phases/2_totals/phase.yml").replace(
        "{orders: int >= 1}", "{orders: 7 else pending(owner=sales)}"
    )
    function = staging.read("phases/2_totals/repeatable/totals.sql").replace("count(*)", "count(*) > 7")
    staging.write("phases/2_totals/phase.yml", settings.replace("7 else", "true else"))
    staging.write("phases/2_totals/repeatable/totals.sql", function)
    assert staging.run("build").code == 0
    ran = staging.run("build", "--fail-on", "pending")
    assert ran.code == 1
    assert "waiting  orders   sales" in ran.out
    assert "READY WITH PENDING   2 phases, 5 checks: 4 passed, 0 failed, 1 waiting, 0 not looked at" in ran.out


def test_missing_secret_stops_before_anything_runs(staging, session) -> None:
    staging.write("phases/3_x/apply.sql", "select '{{ secret('SHOP_KEY') }}';\n")
    ran = staging.run("build")
    assert (ran.code, tables(session)) == (2, set())
    assert ran.err == (
        'error: secret "SHOP_KEY" is not set\n'
        "  phases/3_x/apply.sql:1:9\n"
        "    1 | select '{{ secret('SHOP_KEY') }}';\n"
        "      |         ^^^^^^^^^^^^^^^^^\n"
        "hint: Set SHOP_KEY in the environment, or in a file listed under env_files: in nexiom.yml.\n"
    )


CALLS_ONE = """\
create or replace function public.totals() returns jsonb language plpgsql stable as $$
begin
  return jsonb_build_object('orders', public.one());
end;
$$;
"""


def test_function_that_was_dropped_by_hand_is_told_as_gone(staging, session: Session) -> None:
    one = "create function public.one() returns int language sql stable as 'select 1';\n"
    staging.write("phases/1_orders/apply.sql", staging.read("phases/1_orders/apply.sql") + one)
    staging.write("phases/2_totals/repeatable/totals.sql", CALLS_ONE)
    assert staging.run("build").code == 0
    session.send("drop function public.one()")
    ran = staging.run("build")
    (fix,) = [line.split(maxsplit=1)[1] for line in ran.out.splitlines() if line.strip().startswith("fix ")]
    assert (ran.code, fix) == (
        1,
        'Function "public.one" is created by phase "1_orders" in 1_orders/apply.sql, which is applied: '
        "was it dropped, or called with other arguments? On an embedded target `nexiom db reset` and a build bring "
        "it back, elsewhere a new phase that creates it.",
    )
