"""Who may do what: exact sets, why a role is in them, and the SQL that would make them so."""

from collections.abc import Callable, Iterator

import pytest

from nexiom_runner.database.session import Session

Audited = Callable[..., list[str]]

F = "create function f() returns int language sql as 'select 1';"


@pytest.fixture
def roles(server_session: Session, session: Session) -> Iterator[None]:
    """Two roles, one a member of the other; they outlive a database, not the test."""
    server_session.send("create role test_agents; create role test_agent in role test_agents")
    yield
    session.send("drop function if exists f()")
    server_session.send("drop role test_agent, test_agents")


def test_public_may_execute_what_nobody_revoked(failing: Audited) -> None:
    assert failing(F, "functions: {f: {execute: []}}") == [
        "FAIL function f | execute | expected nobody, found PUBLIC | PUBLIC by default: no grant was ever revoked"
        " | fix: revoke execute on function public.f() from public;"
    ]


def test_public_stays_where_others_were_granted(failing: Audited) -> None:
    sql = f"{F} grant execute on function f to anon, authenticated"
    assert failing(sql, "functions: {f: {execute: [anon, authenticated]}}") == [
        "FAIL function f | execute | expected anon, authenticated, found anon, authenticated, PUBLIC"
        " | PUBLIC by default: no grant was ever revoked"
        " | fix: revoke execute on function public.f() from public;"
    ]


def test_default_privileges_are_why_a_role_has_it(failing: Audited) -> None:
    sql = f"""
        alter default privileges in schema public grant execute on functions to anon;
        {F} revoke execute on function f from public; grant execute on function f to service_role;
    """
    assert failing(sql, "functions: {f: {execute: [service_role, authenticated]}}") == [
        "FAIL function f | execute | expected authenticated, service_role, found anon, service_role"
        " | granted to anon by default privileges of role nexiom_owner in schema public"
        " | fix: revoke execute on function public.f() from anon;\n"
        "grant execute on function public.f() to authenticated;"
    ]


def test_membership_is_named_where_a_role_has_it_no_other_way(failing: Audited, roles: None) -> None:
    sql = f"{F} revoke execute on function f from public; grant execute on function f to test_agents;"
    assert failing(sql, "functions: {f: {execute: [test_agent, test_agents]}}") == [
        "FAIL function f | execute | expected test_agent, test_agents, found test_agents"
        " | test_agent has it only as a member of test_agents"
        " | fix: grant execute on function public.f() to test_agent;"
    ]


def test_a_role_that_does_not_exist_is_told_and_not_granted(failing: Audited) -> None:
    sql = f"{F} revoke execute on function f from public;"
    assert failing(sql, "functions: {f: {execute: [authenticatd]}}") == [
        "FAIL function f | execute | expected authenticatd, found nobody"
        ' | role "authenticatd" does not exist; did you mean "authenticated"?'
    ]


def test_nothing_is_taken_away_where_a_role_is_misspelt(failing: Audited) -> None:
    sql = f"{F} revoke execute on function f from public; grant execute on function f to authenticated;"
    assert failing(sql, "functions: {f: {execute: [authenticatd]}}") == [
        "FAIL function f | execute | expected authenticatd, found authenticated"
        ' | role "authenticatd" does not exist; did you mean "authenticated"?;'
        " granted to authenticated by nexiom_owner"
    ]


def test_the_owner_and_superusers_are_left_out(audited: Audited, session: Session, admin_session: Session) -> None:
    admin = admin_session.server.role
    sql = f"{F} revoke execute on function f from public; grant execute on function f to {admin};"
    lines = audited(sql, f"functions: {{f: {{execute: [nexiom_owner, {admin}]}}}}")
    assert lines[1] == "PASS function f | execute"


def test_public_is_counted_when_it_is_stated(audited: Audited) -> None:
    assert audited(F, "functions: {f: {execute: [public]}}")[1] == "PASS function f | execute"


def test_table_grants_are_exact_by_role(failing: Audited) -> None:
    sql = "create table t (); grant select, insert on t to authenticated; grant select on t to public, anon"
    assert failing(sql, "tables: {t: {grants: {authenticated: [select, update], service_role: [select]}}}") == [
        "FAIL table t | grants | grants anon: expected none, found select | granted to anon by nexiom_owner"
        " | grants authenticated: expected select, update, found insert, select"
        " | granted to authenticated by nexiom_owner"
        " | grants service_role: expected select, found none"
        " | grants PUBLIC: expected none, found select | granted to PUBLIC by nexiom_owner"
        " | fix: revoke select on table public.t from anon;\n"
        "revoke insert on table public.t from authenticated;\n"
        "revoke select on table public.t from public;\n"
        "grant update on table public.t to authenticated;\n"
        "grant select on table public.t to service_role;"
    ]


def test_a_table_nobody_was_granted_has_no_grants(audited: Audited) -> None:
    assert audited("create table t ()", "tables: {t: {grants: {}}}") == [
        "PASS table t | present",
        "PASS table t | grants",
    ]


def test_global_default_privileges_on_tables(failing: Audited) -> None:
    sql = 'alter default privileges grant select on tables to "anon"; create table t ()'
    assert failing(sql, "tables: {t: {grants: {}}}") == [
        "FAIL table t | grants | grants anon: expected none, found select"
        " | granted to anon by default privileges of role nexiom_owner"
        " | fix: revoke select on table public.t from anon;"
    ]
