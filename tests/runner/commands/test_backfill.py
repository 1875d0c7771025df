"""A backfill from the command line: planned, applied, told in status and history, gone on with, refused, accepted."""

import json

import pytest

from nexiom_runner.database.session import Session

APPLY = (
    "create table public.leads (id int primary key, region text);\n"
    "insert into public.leads (id) select generate_series(1, 2500);\n"
    "analyze public.leads;\n"
)
FILL = (
    "update public.leads set region = '{{ var('region') }}'\n"
    "where id in (select id from public.leads where region is null limit {{ batch }});\n"
)


@pytest.fixture
def leads(staging):
    """The project with a phase that holds a backfill."""
    for path in ("phases/2_totals", "phases/1_orders"):
        staging.remove(path)
    staging.write("phases/1_leads/apply.sql", APPLY)
    staging.write("phases/2_regions/backfill.sql", FILL)
    staging.write("phases/2_regions/phase.yml", "backfill: {batch: 1000, pause: 0}\n")
    return staging


def test_plan_shows_how_a_backfill_goes(leads) -> None:
    leads.run("apply", "--to", "1_leads")
    planned = leads.run("plan")
    assert planned.code == 0
    assert (
        " + 2_regions                         new\n"
        "     backfill.sql                        update leads   in batches of 1 000, each a transaction; table about "
        "2 500 rows\n\n"
        "1 phase, 1 backfill in batches. Nothing was changed. Apply with `nexiom apply --target staging`.\n"
    ) in planned.out
    data = json.loads(leads.run("plan", "--format", "json").out)
    assert data["backfills"] == [
        {
            "script": "2_regions/backfill.sql",
            "batch": 1000,
            "pause": 0,
            "max_lag": 10_000,
            "max_wait": 300_000,
            "max_rows": None,
            "table": "public.leads",
            "rows": 2500,
        }
    ]
    assert [(step["kind"], step["atomic"]) for step in data["steps"]] == [("apply", True), ("backfill", False)]


def test_plan_of_a_table_that_is_not_there_yet_does_not_say_its_size(leads) -> None:
    planned = leads.run("plan").out
    assert "update leads   in batches of 1 000, each a transaction\n" in planned
    assert "2 phases, 3 statements, all transactional, 1 backfill in batches. Nothing was changed." in planned


def test_apply_says_how_many_rows_and_the_ledger_keeps_it(leads, session: Session) -> None:
    ran = leads.run("apply")
    assert (ran.code, ran.err) == (0, "")
    assert " applied  2_regions/backfill.sql   2 500 rows in 3 batches   T\n" in ran.out
    assert session.send("select count(*) from public.leads where region = 'eu'")[0].rows == (("2500",),)
    told = leads.run("history", "2_regions").out
    assert [line.split()[1] for line in told.split("\n")[1:-1]] == ["started", "applied"]
    assert "2 500 rows in 3 batches" in told
    assert leads.run("plan", "--check").code == 0


def test_size_of_a_batch_is_no_reason_to_run_again(leads) -> None:
    leads.run("apply")
    leads.write("phases/2_regions/phase.yml", "backfill: {batch: 7, pause: 1s, max_lag: 0}\n")
    assert leads.run("plan", "--check").code == 0


def test_edited_backfill_is_a_problem_until_it_is_accepted(leads) -> None:
    leads.run("apply")
    leads.write("phases/2_regions/backfill.sql", FILL.replace("is null", "= ''"))
    planned = leads.run("plan", "--check")
    assert planned.code == 1
    assert (
        'error: phase "2_regions" was edited after it was applied\n  phases/2_regions/backfill.sql:1:1\n' in planned.out
    )
    assert leads.run("accept", "2_regions", "--reason", "why").out == "accepted 2_regions/backfill.sql\n"
    assert leads.run("plan", "--check").code == 0


def test_variable_that_changed_is_a_warning(leads) -> None:
    leads.run("apply")
    planned = leads.run("plan", "--var", "region=us")
    assert 'warning: phase "2_regions" has other inputs than when it was applied' in planned.out


def test_backfill_that_left_the_project_is_missing(leads) -> None:
    leads.run("apply")
    leads.remove("phases/2_regions")
    told = leads.run("status")
    assert (told.code, "2_regions  missing" in told.out) == (1, True)
    assert leads.run("retire", "2_regions", "--reason", "why").code == 0
    assert leads.run("status").code == 0


def test_failed_backfill_is_shown_as_partial_and_goes_on(leads) -> None:
    leads.run("apply", "--to", "1_leads")
    leads.write("phases/2_regions/phase.yml", "backfill: {batch: 1000, pause: 0, max_rows: 999}\n")
    failed = leads.run("apply")
    assert failed.code == 1
    assert 'phase "2_regions" stopped: its backfill does not come to an end: it changed 1 000 rows' in failed.out
    note = "begun NOW UTC, goes on; its last attempt failed; 1 000 rows in 1 batch so far"
    assert f"2_regions  partial  NOW  tester  not run  backfill.sql {note}" in leads.run("status").out
    assert f" ~ 2_regions                         {note}\n" in leads.run("plan").out
    assert "after 1 000 rows in 1 batch" in leads.run("history", "2_regions").out
    leads.write("phases/2_regions/phase.yml", "backfill: {batch: 1000, pause: 0}\n")
    assert "2 500 rows in 3 batches" in leads.run("apply").out


def test_partial_backfill_is_resolved_by_hand(leads) -> None:
    leads.write("phases/2_regions/phase.yml", "backfill: {batch: 1000, pause: 0, max_rows: 999}\n")
    leads.run("apply")
    told = leads.run("resolve", "2_regions", "--done", "--reason", "the rest is archived")
    assert told.out == "resolved 2_regions/backfill.sql: done\n"
    assert leads.run("plan", "--check").code == 0


def test_protected_target_runs_a_backfill_and_wants_a_reason_for_what_has_no_where(leads) -> None:
    leads.write("phases/2_regions/backfill.sql", FILL)
    assert leads.run("apply", "--target", "production").code == 0
    leads.write("phases/3_gone/backfill.sql", "with a as (select {{ batch }}) delete from public.leads;\n")
    refused = leads.run("apply", "--target", "production")
    assert refused.code == 2
    assert 'phase "3_gone" would delete leads without where on the protected target "production"' in refused.err


def test_render_and_ls_show_the_backfill(leads) -> None:
    assert "limit ‹batch›);" in leads.run("render", "--select", "2_regions").out
    listed = json.loads(leads.run("ls", "--format", "json").out)
    assert listed[1]["scripts"] == ["phases/2_regions/backfill.sql"]


def test_backfill_is_built_on_the_embedded_target(local, session: Session) -> None:
    local.write("phases/3_leads/apply.sql", APPLY)
    local.write("phases/3_leads/backfill.sql", FILL)
    built = local.run("build")
    assert "READY" in built.out
    assert built.code == 0
    local.write("phases/3_leads/backfill.sql", FILL.replace("is null", "is null and id > 0"))
    again = local.run("build")
    assert 'phase "3_leads" was edited: went back to the state after 2_totals' in again.err
    assert again.code == 0
