"""Who may do what: exact grants on functions and tables, and what each role of the API sees."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from nexiom_runner.database.clones import drop_database
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.session import Session
from nexiom_runner.database.state import dsn

ANYBODY = {"run_pipeline_once", "settings_overview", "verify_whatsapp_challenge"}
SERVER = {"ingest_webhook_event", "ingest_route_analyze", "set_setting", "get_setting", "seed_random_messages"}
STUDIO = {
    "analyze_message_simple", "create_social_post", "schedule_social_post", "publish_post_stub", "collect_metrics_stub",
    "simulate_message", "respond_with_stub", "run_schedules_once", "ai_reply_template", "auto_reply_stub",
    "route_webhook_event", "route_unrouted_events", "suggest_content_stub", "create_and_schedule_post_stub",
    "auto_reply_recent_inbound",
}  # fmt: skip
READ = {"conversations", "messages", "leads", "social_posts", "social_schedules", "social_metrics"}


@pytest.mark.parametrize(
    ("role", "functions"),
    [("anon", ANYBODY), ("authenticated", ANYBODY | STUDIO), ("service_role", SERVER)],
)
def test_role_executes_exactly_its_functions(studio: Any, role: str, functions: set[str]) -> None:
    found = studio.rows(
        "select proname from pg_proc where pronamespace = 'public'::regnamespace"
        " and has_function_privilege(%(role)s, oid, 'execute')",
        role=role,
    )
    assert {row["proname"] for row in found} == functions


@pytest.mark.parametrize(("role", "tables"), [("anon", set()), ("authenticated", READ)])
def test_role_reads_exactly_its_tables_and_writes_none(studio: Any, role: str, tables: set[str]) -> None:
    found = studio.rows(
        "select relname, has_table_privilege(%(role)s, oid, 'insert, update, delete, truncate, references, trigger')"
        " as writes from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        " and has_any_column_privilege(%(role)s, oid, 'select, insert, update, references')",
        role=role,
    )
    assert {row["relname"]: row["writes"] for row in found} == dict.fromkeys(tables, False)


def test_service_role_reads_every_table_and_writes_none(studio: Any) -> None:
    assert studio.rows(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        " and (not has_table_privilege('service_role', oid, 'select')"
        " or has_table_privilege('service_role', oid, 'insert, update, delete, truncate'))"
    ) == []  # fmt: skip


def test_signed_in_person_sees_rows_through_policies(studio: Any) -> None:
    studio.message()
    studio.schedule(studio.post("facebook"))
    studio.run()
    with studio.role("authenticated"):
        for table in READ - {"leads"}:
            assert studio.count(table) > 0


def test_without_its_policy_a_table_shows_nothing(studio: Any) -> None:
    studio.message()
    studio.rows("drop policy messages_read on public.messages")
    with studio.role("authenticated"):
        assert studio.value("select count(*) from public.messages") == 0


def test_anybody_runs_the_pipeline(studio: Any) -> None:
    studio.event("e1")
    with studio.role("anon"):
        assert studio.run()["routed"] == 1


def test_signed_in_person_uses_the_studio_from_end_to_end(studio: Any) -> None:
    with studio.role("authenticated"):
        studio.value("select public.simulate_message('tiktok', 'tim', 'Tim', 'Bonjour')")
        studio.value("select public.create_and_schedule_post_stub('agent', 'Portes ouvertes', array['facebook'])")
        assert studio.run() == {"routed": 1, "auto_replied": 1, "schedules_run": 1, "metrics_collected": 1}


@pytest.mark.parametrize(
    ("role", "call"),
    [
        ("anon", "select public.simulate_message('tiktok', 'tim')"),
        ("anon", "select public.route_unrouted_events()"),
        ("authenticated", "select public.set_setting('a', 'b')"),
        ("authenticated", "select public.route_inbound('tiktok', 'message', 'e', 'a', 'a', 'a', now(), null)"),
        ("service_role", "select public.run_pipeline_once()"),
    ],
)
def test_what_is_not_granted_is_refused(studio: Any, role: str, call: str) -> None:
    with pytest.raises(InsufficientPrivilege), studio.role(role):
        studio.rows(call)


def test_default_privileges_of_a_platform_open_nothing(
    build: Callable[..., str], server: Running, server_session: Session
) -> None:
    """Every grant is taken back by name: what Supabase gave its API roles by default does not stay."""
    name = build(
        "with_default_privileges",
        b"alter default privileges in schema public grant all on tables to anon, authenticated, service_role;"
        b"alter default privileges in schema public grant all on functions to anon, authenticated, service_role",
    )
    with psycopg.connect(dsn(server.state, "nexiom_owner", name)) as connection:
        found = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
            " and has_table_privilege('anon', oid, 'select, insert, update, delete')"
            " union all select proname from pg_proc where pronamespace = 'public'::regnamespace"
            " and has_function_privilege('anon', oid, 'execute')"
        ).fetchall()
    drop_database(server_session, name)
    assert {row[0] for row in found} == ANYBODY
