"""What others can reach and no phase speaks of is said to be not looked at, with the line that would state it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from nexiom_runner.audit.exposure import find_exposed
from nexiom_runner.database.session import Session
from nexiom_runner.project.model import Project
from nexiom_runner.results import Result

Find = Callable[..., list[Result]]

OPENED = "create function f(a int) returns int language sql as 'select 1';"
TODAY = date(2026, 3, 1)
CREATORS = {("public", "f"): "01_first", ("public", "t"): "01_first"}


@pytest.fixture
def find(session: Session, make_project: Callable[..., Project]) -> Find:
    """What no phase states, after `sql` ran as the owner."""

    def look(sql: str, *expectations: str, creators: dict[tuple[str, str], str] = CREATORS) -> list[Result]:
        session.send(sql)
        project = make_project(*(expectations or ("",)))
        return find_exposed(session, project, [phase.name for phase in project.phases], creators, TODAY)

    return look


def subjects(results: list[Result]) -> list[str]:
    return [result.subject for result in results]


def test_function_that_public_may_execute(find: Find) -> None:
    (result,) = find(OPENED)
    assert (result.outcome, result.kind, result.phase) == ("SKIP", "object", "01_first")
    assert (result.subject, result.attribute) == ("function f(integer)", "execute")
    assert result.message == "PUBLIC may execute it, and no phase states its execute"
    assert result.fix == (
        "state under expect in phases/01_first/phase.yml: functions: {f: {execute: [PUBLIC]}}; or revoke it"
    )


def test_function_granted_to_two_roles_names_both(find: Find) -> None:
    (result,) = find(OPENED + "revoke execute on function f from public; grant execute on function f to anon;"
                     "grant execute on function f to authenticated")  # fmt: skip
    assert result.message == "anon, authenticated may execute it, and no phase states its execute"
    assert [one.found for one in result.differences] == ["anon, authenticated"]


def test_table_says_who_may_do_what(find: Find) -> None:
    (result,) = find("create table t (); grant select on t to anon; grant select, insert on t to authenticated")
    assert (result.subject, result.attribute) == ("table t", "grants")
    assert result.message == ("anon may select; authenticated may insert, select it, and no phase states its grants")
    assert result.fix == (
        "state under expect in phases/01_first/phase.yml: "
        "tables: {t: {grants: {anon: [select], authenticated: [insert, select]}}}; or revoke it"
    )


def test_object_that_no_script_creates_is_of_no_phase(find: Find) -> None:
    (result,) = find("create function public.stray() returns int language sql as 'select 1'")
    assert result.phase is None
    assert result.fix == (
        "state under expect in the phase.yml that answers for it: functions: {stray: {execute: [PUBLIC]}}; or revoke it"
    )


def test_what_a_phase_states_is_not_told_again(find: Find) -> None:
    sql = OPENED + "create table t (); grant select on t to anon"
    assert find(sql, "tables: {t: {grants: {}}}\nfunctions: {f: {execute: []}}") == []


def test_stated_without_its_grants_is_still_not_looked_at(find: Find) -> None:
    sql = OPENED + "create table t (); grant select on t to anon"
    assert subjects(find(sql, "tables: {t: present}\nfunctions: {f: {returns: int}}")) == [
        "table t",
        "function f(integer)",
    ]


def test_overload_that_nobody_states_is_found_beside_the_one_stated(find: Find) -> None:
    sql = OPENED + "create function f(a text, b timestamptz) returns int language sql as 'select 1'"
    stated = "functions: {f: {arguments: {a: text, b: timestamptz}, execute: [PUBLIC]}}"
    assert subjects(find(sql, stated)) == ["function f(integer)"]


@pytest.mark.parametrize(
    "sql",
    [
        "create table t ()",
        OPENED + "revoke execute on function f from public",
        "create function f() returns trigger language plpgsql as 'begin return new; end'",
        "create schema internal; create function internal.f() returns int language sql as 'select 1'",
    ],
    ids=["no grant", "revoked", "a trigger's", "another schema's"],
)
def test_what_nobody_can_reach_is_no_ones_business(find: Find, sql: str) -> None:
    assert find(sql) == []


def test_what_an_extension_brought_is_not_the_projects(
    session: Session, admin_session: Session, make_project: Callable[..., Project]
) -> None:
    project = make_project("")
    session.send(OPENED + "create table t (); grant select on t to anon")
    assert len(find_exposed(session, project, ["01_first"], {}, TODAY)) == 2
    admin_session.send("alter extension plpgsql add function f(int); alter extension plpgsql add table t")
    assert find_exposed(session, project, ["01_first"], {}, TODAY) == []


def test_function_in_a_schema_that_nobody_may_enter_cannot_be_reached(
    session: Session, make_project: Callable[..., Project]
) -> None:
    session.send("create schema crm; create function crm.f() returns int language sql as 'select 1'")
    project = replace(make_project(""), schemas=("crm",))
    assert find_exposed(session, project, ["01_first"], {}, TODAY) == []
    session.send("grant usage on schema crm to anon")
    assert subjects(find_exposed(session, project, ["01_first"], {}, TODAY)) == ["function crm.f()"]


def test_the_number_of_queries_is_constant(session: Session, make_project: Callable[..., Project]) -> None:
    session.send("".join(OPENED.replace(" f(", f" f{number}(") for number in range(40)))
    project = make_project("")
    before = session.round_trips
    assert len(find_exposed(session, project, ["01_first"], {}, TODAY)) == 40
    assert session.round_trips - before == 3  # begin, the query, rollback


def test_catalog_that_cannot_be_read_is_an_error(
    session: Session, admin_session: Session, make_project: Callable[..., Project]
) -> None:
    admin_session.send("revoke select on pg_class from public")
    (result,) = find_exposed(session, make_project(""), ["01_first"], {}, TODAY)
    assert (result.outcome, result.message) == (
        "ERROR",
        "the catalog cannot be read: permission denied for table pg_class",
    )


def test_a_view_whose_grants_are_stated_is_not_told(find: Find) -> None:
    sql = "create view v as select 1 as a; create view w as select 1 as a; grant select on v, w to anon"
    assert subjects(find(sql, "views: {v: {grants: {anon: [select]}}}\nenums: {gone: absent}")) == ["table w"]
