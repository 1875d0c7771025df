"""A definer function open to the API needs a reason, one that reaches what is sensitive somebody who accepted that."""

# ruff: noqa: S608 (SQL put together of constants)

from collections.abc import Callable
from datetime import date

import pytest

from nexiom_runner.audit.exposure import find_exposed
from nexiom_runner.database.session import Session
from nexiom_runner.project.model import Project
from nexiom_runner.results import Result

Find = Callable[..., list[Result]]

CREATORS = {("public", "f"): "01_first"}
SECRETS = "create table secrets (id int, value text, note text);"
READS = "create function f() returns text language sql security definer as 'select s.value from public.secrets as s';"
TO_ANON = "revoke execute on function f from public; grant execute on function f to anon;"
SENSITIVE = "tables: {secrets: {sensitive: true}}\n"
STATED = "functions: {f: {execute: [anon], reason: Why"


@pytest.fixture
def find(session: Session, make_project: Callable[..., Project]) -> Find:
    """What is told of exposure (what no phase states left out), after `sql` ran as the owner, on 2026-03-01."""

    def look(sql: str, *expectations: str) -> list[Result]:
        session.send(sql)
        project = make_project(*(expectations or ("",)))
        applied = [phase.name for phase in project.phases]
        found = find_exposed(session, project, applied, CREATORS, date(2026, 3, 1))
        return [result for result in found if result.outcome != "SKIP"]

    return look


def lines(results: list[Result]) -> list[str]:
    """Outcome, subject, message, ways and fix of each."""
    return [
        " | ".join(
            (
                f"{one.outcome} {one.subject} {one.attribute}",
                *([one.message] if one.message else []),
                *(f"{way.path}: {way.found}" for way in one.differences),
                *([one.fix] if one.fix else []),
            )
        )
        for one in results
    ]


def test_definer_function_that_no_phase_declares(find: Find) -> None:
    assert lines(find(SECRETS + READS + TO_ANON)) == [
        "FAIL function f() exposure | anon may call it, it runs with its owner's rights, and no phase says why | "
        "state under expect in phases/01_first/phase.yml: functions: {f: {execute: [anon], reason: …}}, "
        "or revoke execute on routine public.f() from anon;"
    ]


def test_definer_function_that_is_stated_without_a_reason(find: Find) -> None:
    (result,) = find(SECRETS + READS, "functions: {f: {execute: [PUBLIC]}}")
    assert result.message == ("anon, authenticated may call it, it runs with its owner's rights, and no phase says why")
    assert result.fix == (
        "add reason: to f in phases/01_first/phase.yml, or revoke execute on routine public.f() from public;"
    )
    assert (result.phase, str(result.place)) == ("01_first", "phases/01_first/phase.yml:2:15")


def test_declared_is_silent_and_costs_one_query(find: Find, session: Session) -> None:
    before = session.round_trips
    assert lines(find(SECRETS + READS + TO_ANON, f"{STATED}}}}}")) == ["PASS function f() exposure"]
    assert session.round_trips - before == 4  # the SQL, begin, the query, rollback


def test_invoker_function_is_nobodys_concern(find: Find) -> None:
    assert find("create function f() returns int language sql as 'select 1'") == []


@pytest.mark.parametrize(
    ("sql", "message", "fix"),
    [
        (
            READS.replace("security definer", "") + TO_ANON,
            "its reason is no longer true: it runs with the rights of who calls it",
            "take reason: out, or say security: invoker beside it",
        ),
        (
            READS + "revoke execute on function f from public;",
            "what is declared is no longer true: nobody but its owner may call it",
            "take reason: and accepted_by: out, or grant what they speak of",
        ),
    ],
    ids=["no definer any more", "closed"],
)
def test_declaration_that_is_no_longer_true(find: Find, sql: str, message: str, fix: str) -> None:
    (result,) = find(SECRETS + sql, "functions: {f: {reason: Why}}")
    assert (result.outcome, result.subject, result.message, result.fix) == (
        *("FAIL", "function f()" if "invoker" in fix else "function f"),
        *(message, fix),
    )


def test_function_that_is_not_there_is_told_by_its_expectation_alone(find: Find) -> None:
    assert find("", "functions: {f: {reason: Why}}") == []


def test_reason_of_a_function_stated_as_invoker_is_of_its_grants(find: Find) -> None:
    stated = "functions: {f: {security: invoker, reason: Why}}"
    assert lines(find("create function f() returns int language sql as 'select 1'", stated)) == [
        "PASS function f() exposure"
    ]


def test_way_to_what_is_sensitive_is_told_function_by_function(find: Find) -> None:
    sql = READS.replace(" f()", " inner_one()") + (
        "revoke execute on function inner_one from public;"
        "create function f() returns text language plpgsql security definer as 'begin return public.inner_one(); end';"
    )
    assert lines(find(SECRETS + sql + TO_ANON, SENSITIVE + f"{STATED}}}}}")) == [
        "FAIL function f() exposure | anon reach what is marked sensitive, and nobody accepted that | "
        "secrets: f → inner_one → secrets | add accepted_by: NAME to f in phases/01_first/phase.yml, or close the way"
    ]


def test_accepted_is_listed_with_what_is_reached(find: Find) -> None:
    (result,) = find(SECRETS + READS + TO_ANON, SENSITIVE + f"{STATED}, accepted_by: ann, until: 2026-03-01}}}}")
    assert (result.outcome, result.owner, result.until) == ("PASS", "ann", "2026-03-01")
    assert result.reach is not None
    assert (result.reach.reads, result.reach.writes, result.reach.unknown) == (("secrets (value)",), (), ())


def test_acceptance_ends_with_its_day(find: Find) -> None:
    (result,) = find(SECRETS + READS + TO_ANON, SENSITIVE + f"{STATED}, accepted_by: ann, until: 2026-02-28}}}}")
    assert (result.outcome, result.message, result.fix) == (
        "FAIL",
        "ann accepted what it reaches until 2026-02-28",
        "have it accepted again, until a later day, or close the way",
    )


def test_acceptance_of_what_reaches_nothing_is_no_longer_true(find: Find) -> None:
    (result,) = find(SECRETS + READS + TO_ANON, f"{STATED}, accepted_by: ann}}}}")
    assert (result.outcome, result.message, result.fix) == (
        "FAIL",
        "what was accepted is no longer true: it reaches nothing that is marked sensitive",
        "take accepted_by: out",
    )


@pytest.mark.parametrize(
    ("body", "reaches"),
    [
        ("select s.value from public.secrets as s", True),
        ("select s.note from public.secrets as s", False),
        ("select s from public.secrets as s", True),
        ("select count(*) from public.secrets", False),
        ("update public.secrets set note = null", False),
        ("update public.secrets set value = null", True),
        ("insert into public.secrets (note) values (null)", False),
        ("delete from public.secrets", True),
    ],
)
def test_a_column_that_is_sensitive(find: Find, body: str, reaches: bool) -> None:
    sql = f"create function f() returns void language plpgsql security definer as $$begin perform 1; {body}; end$$;"
    sql = sql.replace("perform 1; select", "perform")
    found = find(SECRETS + sql + TO_ANON, "tables: {secrets: {sensitive: {value: Tokens}}}\n" + f"{STATED}}}}}")
    assert [(one.outcome, [way.note for way in one.differences]) for one in found] == [
        ("FAIL", ["Tokens"]) if reaches else ("PASS", [])
    ]


VIEW = "create view v as select s.value as shown from secrets as s;"
TRIGGER = (
    "create table t (a int); create function on_t() returns trigger language plpgsql as "
    "$$begin insert into public.secrets (id) values (new.a); return new; end$$;"
    "create trigger t_written after insert on t for each row execute function on_t();"
)
FROM_T = "create function f() returns void language sql security definer as 'insert into public.t values (1)';"


@pytest.mark.parametrize(
    ("sql", "way"),
    [
        (
            "create table child () inherits (secrets);" + READS.replace("public.secrets", "public.child"),
            "f → child",
        ),
        (
            "create table t (a int); create rule r as on insert to t do also update secrets set note = null;" + FROM_T,
            "f → t → secrets",
        ),
        (
            READS.replace(" f()", " g()") + "create table t (a int check (g() is null));" + FROM_T,
            "f → t → g → secrets",
        ),
        (
            VIEW.replace("view", "materialized view")
            + READS.replace("s.value from public.secrets as s", "shown from public.v"),
            "f → v → secrets",
        ),
        (
            VIEW + READS.replace("s.value from public.secrets as s", "shown from public.v"),
            "f → v → secrets",
        ),
        (TRIGGER + FROM_T, "f → t → on_t → secrets"),
        (
            READS.replace(" f()", " g()") + "create table t (a text default g());" + FROM_T.replace("(1)", "(default)"),
            "f → t → g → secrets",
        ),
        (
            "create table t (a int primary key);"
            "alter table secrets add foreign key (id) references t on delete cascade;"
            + FROM_T.replace("insert into public.t values (1)", "delete from public.t"),
            "f → t → secrets",
        ),
        (
            "create function f() returns text language sql security definer "
            "begin atomic select s.value from secrets as s; end;",
            "f → secrets",
        ),
        (
            "create table t (id int, value text, note text); alter table secrets inherit t;"
            + READS.replace("s.value from public.secrets as s", "value from public.t"),
            "f → t → secrets",
        ),
        (
            "create function g(a int, b int) returns int language sql as 'select 1 from public.secrets';"
            "create aggregate of_g (int) (sfunc = g, stype = int, initcond = 0);"
            "create function f() returns int language sql security definer as 'select public.of_g(1)';",
            "f → of_g → g → secrets",
        ),
    ],
    ids=[
        "of a child",
        "rule",
        "check",
        "view filled",
        "view",
        "trigger",
        "default",
        "foreign key",
        "begin atomic",
        "inheritance",
        "aggregate",
    ],
)
def test_every_kind_of_way_is_gone(find: Find, sql: str, way: str) -> None:
    found = find(SECRETS + sql + TO_ANON, SENSITIVE + f"{STATED}}}}}")
    assert [[one.found for one in each.differences] for each in found if each.subject == "function f()"] == [[way]]


def test_trigger_of_another_event_is_no_way(find: Find) -> None:
    sql = TRIGGER.replace("after insert", "after delete") + FROM_T + TO_ANON
    assert lines(find(SECRETS + sql, SENSITIVE + f"{STATED}}}}}")) == ["PASS function f() exposure"]


@pytest.mark.parametrize(
    ("grant", "expected"), [("", []), ("grant select (value) on secrets to anon;", ["FAIL function f() exposure"])]
)
def test_invoker_function_reaches_what_its_role_may(find: Find, grant: str, expected: list[str]) -> None:
    found = find(SECRETS + READS.replace("security definer", "") + TO_ANON + grant, SENSITIVE)
    assert [line.partition(" | ")[0] for line in lines(found)] == expected


def test_invoker_function_does_not_reach_through_one_its_role_may_not_call(find: Find) -> None:
    sql = READS.replace(" f()", " inner_one()") + (
        "revoke execute on function inner_one from public;"
        "create function f() returns text language sql as 'select public.inner_one()';"
    )
    assert find(SECRETS + sql + TO_ANON, SENSITIVE) == []


def test_invoker_function_reaches_what_a_view_reads_with_its_owners_rights(find: Find) -> None:
    function = "create function f() returns text language sql as 'select shown from v';"
    grant = "grant select on v to anon;"
    (result,) = find(SECRETS + VIEW + grant + function + TO_ANON, SENSITIVE)
    assert [one.found for one in result.differences] == ["f → v → secrets"]


def test_view_that_reads_as_who_asks_gives_no_right(find: Find) -> None:
    view = VIEW.replace("v as", "v with (security_invoker) as") + "grant select on v to anon;"
    function = "create function f() returns text language sql as 'select shown from v';"
    assert find(SECRETS + view + function + TO_ANON, SENSITIVE) == []


def test_who_may_read_a_parent_reads_its_children(find: Find) -> None:
    tables = "create table t (id int, value text, note text); alter table secrets inherit t; grant select on t to anon;"
    function = "create function f() returns text language sql as 'select value from public.t';"
    (result,) = find(SECRETS + tables + function + TO_ANON, SENSITIVE)
    assert [one.found for one in result.differences] == ["f → t → secrets"]


def test_name_without_a_schema_is_looked_for_in_the_functions_own_path(find: Find) -> None:
    body = "security definer set search_path = crm as 'select value from secrets"
    sql = "create schema crm; create table crm.secrets (value text);" + READS.replace(
        "security definer as 'select s.value from public.secrets as s", body
    )
    assert lines(find(SECRETS + sql + TO_ANON, SENSITIVE + f"{STATED}}}}}")) == ["PASS function f() exposure"]


def test_overload_of_another_number_of_arguments_is_no_way(find: Find) -> None:
    sql = (
        READS.replace(" f()", " g()")
        + "create function g(a int) returns int language sql as 'select 1';"
        + (
            "revoke execute on function g() from public;"
            "create function f() returns int language sql security definer as 'select public.g(1)';"
        )
    )
    assert lines(find(SECRETS + sql + TO_ANON, SENSITIVE + f"{STATED}}}}}")) == ["PASS function f() exposure"]


def test_what_is_executed_as_text_is_not_looked_at(find: Find) -> None:
    sql = "create function f() returns void language plpgsql security definer as $$begin execute current_user; end$$;"
    (result,) = find(SECRETS + sql + TO_ANON, SENSITIVE + f"{STATED}}}}}")
    assert lines([result]) == [
        "UNPARSED function f() exposure | what it reaches is not known: f executes current_user | "
        "add accepted_by: NAME to f in phases/01_first/phase.yml, or write it without a text"
    ]
    assert result.reach is not None
    assert result.reach.unknown == ("f: current_user",)


@pytest.mark.parametrize(
    ("grant", "expected"), [("", []), ("grant delete on secrets to anon;", ["UNPARSED function f() exposure"])]
)
def test_text_executed_with_the_callers_rights_reaches_what_its_role_may(
    find: Find, grant: str, expected: list[str]
) -> None:
    sql = "create function f() returns void language plpgsql as $$begin execute current_user; end$$;"
    found = find(SECRETS + sql + TO_ANON + grant, SENSITIVE)
    assert [line.partition(" | ")[0] for line in lines(found)] == expected


def test_what_is_not_known_can_be_accepted(find: Find) -> None:
    sql = "create function f() returns void language plpgsql security definer as $$begin execute current_user; end$$;"
    stated = SENSITIVE + f"{STATED}, accepted_by: ann}}}}"
    assert lines(find(SECRETS + sql + TO_ANON, stated)) == ["PASS function f() exposure"]


def test_mark_on_a_column_that_is_not_there(find: Find) -> None:
    (result,) = find(SECRETS, "tables: {secrets: {sensitive: {valu: true}}}")
    assert (result.outcome, result.subject, result.attribute) == ("FAIL", "table secrets", "sensitive")
    assert [(one.path, one.expected, one.found, one.note) for one in result.differences] == [
        ("sensitive valu", "valu", None, 'Did you mean "value"?')
    ]


def test_each_overload_is_judged_by_what_is_said_of_it(find: Find) -> None:
    sql = READS + READS.replace("f()", "f(a int)")
    stated = "functions: {f: [{arguments: {}, reason: Why}, {arguments: {a: int}}]}"
    assert [line.partition(" | ")[0] for line in lines(find(SECRETS + sql, stated))] == [
        "PASS function f() exposure",
        "FAIL function f(integer) exposure",
    ]


def test_three_queries_more_however_many_functions(find: Find, session: Session) -> None:
    sql = "".join(READS.replace(" f()", f" f{number}()") for number in range(30))
    before = session.round_trips
    assert len(find(SECRETS + sql, SENSITIVE)) == 30
    assert session.round_trips - before == 9  # the SQL; begin, a query, rollback; begin, three queries, rollback


def test_catalog_that_cannot_be_read_is_an_error(find: Find, session: Session, admin_session: Session) -> None:
    session.send(SECRETS)
    admin_session.send("revoke select on pg_rewrite from public")
    assert lines(find(READS + TO_ANON, SENSITIVE + f"{STATED}}}}}")) == [
        "ERROR what functions reach None | the catalog cannot be read: permission denied for table pg_rewrite"
    ]
