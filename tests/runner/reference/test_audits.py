"""Each audit finds nothing wrong with the project as it is, and each fault that it is there for."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

AUDITS = Path(__file__).parents[3] / "audits"
READINESS = "audit_phase12_readiness.sql"
HYGIENE = "audit_function_hygiene.sql"
ROWS = "audit_row_security.sql"
ROLES = "audit_api_roles.sql"


def run(studio: Any, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = studio.connection.execute((AUDITS / name).read_bytes()).fetchall()
    return rows


def problems(studio: Any, name: str) -> dict[str, str]:
    return {row["object"]: row["problem"] for row in run(studio, name) if row["problem"] is not None}


@pytest.mark.parametrize("name", sorted(path.name for path in AUDITS.glob("*.sql")))
def test_project_as_it_is_has_no_problem(studio: Any, name: str) -> None:
    rows = run(studio, name)
    assert rows
    assert [list(row) for row in rows] == [["object", "problem", "fix"]] * len(rows)
    assert [row for row in rows if row["problem"] is not None or row["fix"] is not None] == []


def test_readiness_examines_what_phase_12_needs(studio: Any) -> None:
    assert [row["object"] for row in run(studio, READINESS)] == [
        "table public.app_settings",
        "table public.messages",
        "table public.social_posts",
        "table public.social_schedules",
        "function public.run_pipeline_once(p_since interval, p_limit integer)",
        "function public.settings_overview()",
        "function public.route_unrouted_events(p_channel text, p_limit integer)",
        "function public.auto_reply_recent_inbound(p_since interval, p_limit integer)",
        "function public.run_schedules_once()",
        "function public.collect_metrics_stub()",
        "public.settings_overview() is available",
    ]


@pytest.mark.parametrize(
    ("audit", "change", "found"),
    [
        (READINESS, "drop table public.app_settings", {"table public.app_settings": "it is missing"}),
        (
            READINESS,
            "drop function public.settings_overview()",
            {
                "function public.settings_overview()": "it is missing",
                "public.settings_overview() is available": "it is missing",
            },
        ),
        (
            READINESS,
            "revoke execute on function public.settings_overview() from anon",
            {"public.settings_overview() is available": "anon may not call it"},
        ),
        (
            READINESS,
            "alter function public.collect_metrics_stub() rename to collect; "
            "create function public.collect_metrics_stub(integer) returns integer language sql as 'select 1'",
            {"function public.collect_metrics_stub()": "it takes other arguments"},
        ),
        (
            READINESS,
            "create function public.run_schedules_once(integer) returns integer language sql as 'select 1'",
            {"function public.run_schedules_once()": "it has overloads, which the API cannot tell apart"},
        ),
        (
            HYGIENE,
            "grant execute on function public.run_schedule(uuid) to public",
            {"run_schedule(uuid)": "PUBLIC may execute it"},
        ),
        (
            HYGIENE,
            "grant execute on function public.run_schedule(uuid) to anon",
            {"run_schedule(uuid)": "anon may execute it"},
        ),
        (
            HYGIENE,
            "alter function public.run_schedule(uuid) reset search_path",
            {"run_schedule(uuid)": "it does not pin an empty search_path"},
        ),
        (
            HYGIENE,
            "comment on function public.run_schedule(uuid) is null",
            {"run_schedule(uuid)": "it has no comment"},
        ),
        (ROWS, "alter table public.leads disable row level security", {"leads": "row security is off"}),
        (
            ROWS,
            "grant update on public.leads to authenticated",
            {"leads": "authenticated writes it without a function"},
        ),
        (
            ROWS,
            "drop policy leads_read on public.leads",
            {"leads": "authenticated may read it and no policy lets it see a row"},
        ),
    ],
)
def test_fault_is_found(studio: Any, audit: str, change: str, found: dict[str, str]) -> None:
    studio.rows(change)
    assert problems(studio, audit) == found


@pytest.mark.parametrize(
    ("audit", "change"),
    [
        (HYGIENE, "grant execute on function public.run_schedule(uuid) to public"),
        (HYGIENE, "grant execute on function public.run_schedule(uuid) to anon"),
        (HYGIENE, "alter function public.run_schedule(uuid) reset search_path"),
        (ROWS, "alter table public.leads disable row level security"),
        (ROWS, "grant update on public.leads to authenticated"),
        (READINESS, "revoke execute on function public.settings_overview() from anon"),
    ],
)
def test_fix_that_an_audit_names_mends_it(studio: Any, audit: str, change: str) -> None:
    studio.rows(change)
    for row in run(studio, audit):
        if row["fix"] is not None:
            studio.rows(row["fix"])
    assert problems(studio, audit) == {}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("alter role anon login", "it can log in"),
        ("alter role anon bypassrls", "row security does not bind it"),
        (
            "revoke usage on schema public from anon, public;"
            " grant usage on schema public to authenticated, service_role",
            "it has no usage on schema public",
        ),
    ],
)
def test_role_that_is_not_as_it_must_be_is_found(admin_dsn: str, change: str, problem: str) -> None:
    with psycopg.connect(admin_dsn) as connection:
        connection.execute(change)  # type: ignore[arg-type]
        rows = connection.execute((AUDITS / ROLES).read_bytes()).fetchall()
        connection.rollback()
    assert [row[:2] for row in rows if row[1]] == [("role anon", problem)]
