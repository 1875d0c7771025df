"""Phase by phase in the order given, from one snapshot, in a number of queries that objects do not change."""

from collections.abc import Callable

import pytest

from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.read import Wanted, read_catalog
from nexiom_runner.database.session import Session
from nexiom_runner.project.model import Project
from nexiom_runner.results import Outcome

MakeProject = Callable[..., Project]

TABLE = """
  t{0}:
    row_security: true
    columns: {{a: int not null default 1, b: 'varchar(9)'}}
    indexes: {{t{0}_b: (b)}}
    grants: {{}}
"""
FUNCTION = """
  f{0}: {{arguments: {{a: int, b: interval = '1 hour'}}, returns: jsonb, security: definer, execute: [anon]}}
"""
SQL = """
    create table t{0} (a int not null default 1, b varchar(9));
    create index t{0}_b on t{0} (b);
    alter table t{0} enable row level security;
    create function f{0}(a int, b interval = '60 minutes') returns jsonb security definer language sql
        as 'select null::jsonb';
    revoke execute on function f{0} from public;
    grant execute on function f{0} to anon;
"""


def create_many(session: Session, count: int) -> str:
    """Tables and functions as stated, and the statement of them."""
    create, tables, functions = ("".join(text.format(n) for n in range(count)) for text in (SQL, TABLE, FUNCTION))
    session.send(create)
    return f"tables:\n{tables}functions:\n{functions}"


@pytest.mark.parametrize("count", [2, 60])
def test_the_number_of_queries_is_constant(session: Session, make_project: MakeProject, count: int) -> None:
    _ = session.server
    project = make_project(create_many(session, count))
    before = session.round_trips
    results = list(audit(session, project, ["01_first"], ["01_first"], ()))
    # begin, tables, functions, grants, columns, indexes, roles, commit; begin, one plan for all spellings, rollback
    assert session.round_trips - before == 11
    assert (len(results), {one.outcome for one in results}) == (13 * count, {Outcome.PASS})


def test_phases_come_in_the_order_given_each_with_its_own(session: Session, make_project: MakeProject) -> None:
    session.send("create table a (x int, y int); create table b ()")
    project = make_project("tables: {a: {columns: {x: int, y: int}}, b: present}", "tables: {a: {columns: {x: int4}}}")
    results = audit(session, project, ["01_first", "02_second"], ["02_second", "01_first"], ())
    assert [(one.phase, one.subject, one.attribute) for one in results] == [
        ("02_second", "table a", "present"),
        ("02_second", "table a", "column x type"),
        ("01_first", "table a", "column y type"),
        ("01_first", "table b", "present"),
    ]


def test_what_a_later_phase_restates_is_checked_only_once_it_is_applied(
    session: Session, make_project: MakeProject
) -> None:
    session.send("create table a (x int)")
    project = make_project("tables: {a: {columns: {x: int}}}", "tables: {a: {columns: {x: bigint}}}")
    first = audit(session, project, ["01_first"], ["01_first"], ())
    assert [one.outcome for one in first] == ["PASS", "PASS"]
    both = audit(session, project, ["01_first", "02_second"], ["01_first", "02_second"], ())
    assert [(one.phase, one.outcome) for one in both] == [("02_second", "PASS"), ("02_second", "FAIL")]


def test_a_missing_object_is_told_once_a_phase(session: Session, make_project: MakeProject) -> None:
    project = make_project("tables: {a: {columns: {x: int, y: int}}}", "tables: {a: {columns: {x: bigint}}}")
    results = audit(session, project, ["01_first", "02_second"], ["01_first", "02_second"], ())
    assert [(one.phase, one.attribute, one.outcome) for one in results] == [
        ("01_first", "present", "FAIL"),
        ("02_second", "present", "FAIL"),
    ]


def test_a_phase_alone_reads_only_its_own_objects(session: Session, make_project: MakeProject) -> None:
    session.send("create table a (); create table b ()")
    project = make_project("tables: {a: present}", "tables: {b: present}")
    results = audit(session, project, ["01_first", "02_second"], ["02_second"], ())
    assert [one.subject for one in results] == ["table b"]


def test_the_place_is_that_of_the_attribute(session: Session, make_project: MakeProject) -> None:
    session.send("create table a (x int)")
    project = make_project("tables:\n  a:\n    columns:\n      x: text")
    results = audit(session, project, ["01_first"], ["01_first"], ())
    assert [str(one.place) for one in results] == ["phases/01_first/phase.yml:3:5", "phases/01_first/phase.yml:5:9"]


def test_a_catalog_that_cannot_be_read_is_an_error_for_each(
    session: Session, admin_session: Session, make_project: MakeProject
) -> None:
    admin_session.send("revoke select on pg_class from public")
    project = make_project("tables: {a: {row_security: true}}")
    results = list(audit(session, project, ["01_first"], ["01_first"], ()))
    assert [(one.outcome, one.attribute, one.message) for one in results] == [
        ("ERROR", "present", "the catalog cannot be read: permission denied for table pg_class"),
        ("ERROR", "row_security", "the catalog cannot be read: permission denied for table pg_class"),
    ]


def test_an_audit_leaves_nothing_and_writes_nothing(session: Session, make_project: MakeProject) -> None:
    session.send("create table a (x int)")
    list(audit(session, make_project("tables: {a: {columns: {x: int8}}}"), ["01_first"], ["01_first"], ()))
    assert session.in_transaction is False
    (settings,) = session.send("show search_path")
    assert settings.rows == (('"$user", public',),)


def test_objects_of_the_users_schema_do_not_stand_in_for_the_catalog(session: Session) -> None:
    session.send(
        "create table pg_class (oid oid); create table a (x int);"
        "create function format_type(oid, int) returns text language sql as $$select 'forged'$$;"
    )
    catalog = read_catalog(session, Wanted(tables=frozenset({("public", "a")})))
    assert [column.type for column in catalog.tables["public", "a"].columns] == ["integer"]


def test_a_catalog_of_nothing_asks_nothing(session: Session) -> None:
    _, before = session.server, session.round_trips
    assert read_catalog(session, Wanted()).tables == {}
    assert session.round_trips - before == 2
