"""A project built on a server that stands in for Supabase."""

import json
from collections.abc import Iterator

import pytest

from nexiom_runner.database.engine import choose_engine
from tests.runner.conftest import STATES

NEWEST = choose_engine("18").version
SETTINGS = """\
name: notes
targets:
  local: {embedded: {platform: supabase, postgres: 17}}
users:
  ada: {role: authenticated, claims: {sub: 11111111-1111-1111-1111-111111111111}}
"""
NOTES = """\
create table public.notes (
    id bigint generated always as identity primary key,
    owner uuid not null references auth.users on delete cascade,
    body text not null
);
alter table public.notes enable row level security;
create policy own on public.notes to authenticated using (owner = (select auth.uid()));
revoke all on public.notes from anon, authenticated, service_role;
grant select on public.notes to authenticated;
create function public.my_notes() returns jsonb language sql stable set search_path = '' as $$
    select jsonb_build_object('notes', count(*)) from public.notes
$$;
revoke execute on function public.my_notes() from public;
grant execute on function public.my_notes() to authenticated;
"""
PHASE = """\
title: Notes
expect:
  tables:
    notes: {row_security: true, grants: {authenticated: [select]}}
  functions:
    my_notes:
      returns: jsonb
      execute: [authenticated]
      result: {notes: int}
      calls:
        her own and no other:
          as: ada
          given:
            - auth.users:
                - {id: 11111111-1111-1111-1111-111111111111}
                - {id: 22222222-2222-2222-2222-222222222222}
            - notes:
                - {owner: 11111111-1111-1111-1111-111111111111, body: hers}
                - {owner: 22222222-2222-2222-2222-222222222222, body: his}
          result: {notes: 1}
"""


@pytest.fixture
def hosted(shop, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """The project of notes; the server's files of before the first phase are shared with other tests."""
    monkeypatch.setenv("NEXIOM_STATE_DIR", str(STATES))
    for path in ("phases/1_orders", "phases/2_totals"):
        shop.remove(path)
    shop.write("nexiom.yml", SETTINGS)
    shop.write("phases/1_notes/apply.sql", NOTES)
    shop.write("phases/1_notes/phase.yml", PHASE)
    yield shop
    shop.run("db", "reset")


def test_a_build_says_which_major_version_stands_in_for_which(hosted) -> None:
    ran = hosted.run("build")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert f"(embedded PostgreSQL {NEWEST} as Supabase, asked for 17, started in T)" in lines[0]
    assert f"server   PostgreSQL {NEWEST} stands in for 17" in lines
    assert f"| Database | postgres, PostgreSQL {NEWEST}, stands in for PostgreSQL 17, " in hosted.read(
        "target/readiness.md"
    )


def test_what_supabase_manages_is_nobodys_gap(hosted) -> None:
    ran = hosted.run("build")
    assert [line for line in ran.out.splitlines() if line.startswith(("skipped", "coverage"))] == [
        "coverage 1 of 1 exposed functions called, 1 of 1 with each role that may call them"
    ]
    assert "READY   1 phase, 7 checks: 7 passed, 0 failed, 0 waiting, 0 not looked at" in ran.out


def test_a_server_of_the_version_asked_for_needs_no_remark(hosted) -> None:
    hosted.write("nexiom.yml", SETTINGS.replace("17", "18"))
    ran = hosted.run("build")
    assert f"(embedded PostgreSQL {NEWEST} as Supabase, started in T)" in ran.out
    assert "stands in" not in ran.out


def test_an_edited_phase_goes_back_to_before_it_roles_included(hosted) -> None:
    hosted.run("build")
    hosted.write("phases/2_jobs/apply.sql", "create role reports; create extension pg_cron;")
    assert hosted.run("build").code == 0
    hosted.write("phases/2_jobs/apply.sql", "create role reports; select cron.schedule('@daily', 'select 1');")
    ran = hosted.run("build")
    assert 'schema "cron" does not exist' in ran.out
    hosted.write("phases/2_jobs/apply.sql", "create extension pg_cron; select cron.schedule('@daily', 'select 1');")
    assert hosted.run("build").code == 0


def test_calls_run_on_copies_too(hosted) -> None:
    hosted.run("build")
    ran = hosted.run("test", "-n", "2")
    assert (ran.code, "PASSED   1 phase, 1 check: 1 passed" in ran.out) == (0, True)


def test_a_script_that_hosted_postgres_refuses_fails_here(hosted) -> None:
    hosted.write("phases/2_files/apply.sql", "alter table storage.objects enable row level security;\n")
    ran = hosted.run("build")
    assert ran.code == 1
    assert 'error: phase "2_files" failed: must be owner of table objects\n  phases/2_files/apply.sql:1:1\n' in ran.out
    hint = "It belongs to Supabase, which lets postgres make policies and triggers on it, and nothing else."
    assert f"hint: {hint}\n" in ran.out


def test_db_says_what_is_only_written_in_sql(hosted) -> None:
    assert hosted.run("db", "status").out.splitlines()[:2] == [
        f"PostgreSQL {NEWEST}: not running",
        "stands in for Supabase with PostgreSQL 17; "
        "in SQL, as far as that goes: pg_stat_statements, pgcrypto, uuid-ossp",
    ]


def test_an_extension_that_nobody_has_is_told_before_anything_starts(hosted) -> None:
    hosted.write("phases/2_map/apply.sql", "-- a map\ncreate extension if not exists postgis;\n")
    ran = hosted.run("build")
    assert ran.code == 2
    assert ran.err.startswith(
        'error: no PostgreSQL here has the extension "postgis"\n'
        "  phases/2_map/apply.sql:2:32\n"
        "    2 | create extension if not exists postgis;\n"
    )


def test_db_says_so_in_its_json(hosted) -> None:
    said = json.loads(hosted.run("db", "status", "--format", "json").out)
    assert (said["platform"], said["asked"]) == ("supabase", 17)
    assert said["in_sql"] == ["pg_stat_statements", "pgcrypto", "uuid-ossp"]
