"""The project's own audits: refused before a database is touched, run read-only, told object by object."""

from collections.abc import Callable

import pytest

from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.files import check_audit
from nexiom_runner.audit.prepare import prepare_audits
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import ScriptError, describe
from nexiom_runner.project.model import Audit, Project, Source
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.values import Values

Audited = Callable[..., list[str]]
MakeProject = Callable[..., Project]
FORM = "Write one row per object: select … as object, … as problem, … as fix; problem is null where all is well."


def refused(text: str) -> list[str]:
    source = Source("audits/a.sql", text, "")
    with pytest.raises(ScriptError) as raised:
        check_audit(Audit(source, None, None), Rendered(source, text))
    return [describe(fault) for fault in raised.value.faults]


def test_an_audit_that_is_not_a_select_is_refused() -> None:
    assert refused("-- looks harmless\nupdate t set a = 1;\n") == [
        'error: audit "audits/a.sql" is not a SELECT: it is "update t"\n  audits/a.sql:2:1\n'  # noqa: S608  # a message, not SQL
        "    2 | update t set a = 1;\n      | ^^^^^^\nhint: " + FORM
    ]


def test_two_statements_are_refused_at_the_second() -> None:
    assert refused("select 1; select 2;") == [
        'error: audit "audits/a.sql" holds 2 statements, expected one SELECT\n'
        "  audits/a.sql:1:11\n    1 | select 1; select 2;\n      |           ^\n"
        "hint: Write one file for each."
    ]


@pytest.mark.parametrize("text", ["", "-- nothing\n", ";"])
def test_an_audit_without_a_statement_is_refused(text: str) -> None:
    assert refused(text) == [f'error: audit "audits/a.sql" holds no SELECT\nhint: {FORM}']


def test_an_open_literal_is_refused() -> None:
    assert refused("select 'a") == ['error: audit "audits/a.sql" does not close a string']


def test_a_secret_is_refused() -> None:
    assert refused("select '‹secret:KEY›' as object") == [
        'error: audit "audits/a.sql" holds secret "KEY"\n'
        "  audits/a.sql:1:9\n    1 | select '‹secret:KEY›' as object\n      |         ^"
    ]


def test_all_that_is_wrong_in_any_audit_is_told_at_once(make_project: MakeProject) -> None:
    audits = {"a.sql": "delete from t", "b.sql": "select {{ var('nothing') }}", "c.sql": "select 1; select 2"}
    with pytest.raises(ScriptError) as raised:
        prepare_audits(make_project("", audits=audits), Values())
    assert len(raised.value.faults) == 3


def test_an_audit_may_be_a_template(session: Session, make_project: MakeProject) -> None:
    text = "select '{{ var('table') }}' as object, null as problem, null as fix"
    project = make_project("", audits={"a.sql": text})
    files = prepare_audits(project, Values(var={"table": "leads"}))
    (result,) = audit(session, project, ["01_first"], ["01_first"], files)
    assert (result.outcome, result.subject) == ("PASS", "leads")


def test_each_object_examined_is_a_result(audited: Audited) -> None:
    text = """
        select * from (values ('leads', null, null), ('posts', '', 'x'), ('users', 'has no owner', 'alter …'))
            as found(object, problem, fix)
    """
    assert audited("", "", audits={"owners.sql": text}) == [
        "PASS leads | owners",
        "PASS posts | owners",
        "FAIL users | owners | has no owner | fix: alter …",
    ]


def test_several_rows_of_an_object_are_one_result(audited: Audited) -> None:
    text = """
        select object, problem, fix from (values ('a', 'one', 'x'), ('b', null, null), ('a', 'two', 'x'),
            ('a', null, null), ('a', 'one', 'y')) as found(object, problem, fix)
    """
    assert audited("", "", audits={"a.sql": text}) == ["FAIL a | a | one; two | fix: x\ny", "PASS b | a"]


def test_a_row_that_names_no_object_is_an_error(audited: Audited) -> None:
    text = """
        select column1 as object, column2 as problem, column3 as fix
        from (values (null, 'x', null), ('', null, null)) as v
    """
    assert audited("", "", audits={"a.sql": text}) == [
        'ERROR a | a | row 1 names no object: "object" is null',
        'ERROR a | a | row 2 names no object: "object" is empty',
    ]


def test_other_columns_are_an_error_with_the_right_form(audited: Audited) -> None:
    assert audited("", "", audits={"a.sql": "select 'x' as object, true as ok"}) == [
        f"ERROR a | a | columns are object, ok, expected object, problem, fix | fix: {FORM}"
    ]


def test_an_audit_that_returns_no_row_examined_nothing(audited: Audited) -> None:
    text = "select 'x' as object, null as problem, null as fix where false"
    assert audited("", "", audits={"a.sql": text}) == [
        "ERROR a | a | examined nothing: it returned no row"
        " | fix: Return a row for each object, also where all is well,"
        " or say `-- may be empty: REASON` in the first lines."
    ]


def test_an_audit_may_say_why_it_may_be_empty(audited: Audited) -> None:
    text = "-- may be empty: no tenant yet\nselect 'x' as object, null as problem, null as fix where false"
    assert audited("", "", audits={"a.sql": text}) == ["PASS a | a | examined nothing: no tenant yet"]


def test_an_error_points_into_the_file(session: Session, make_project: MakeProject, as_it_stands: Callable) -> None:  # type: ignore[type-arg]
    text = "-- phase: 01_first\nselect l.name as object\nfrom leads as l"
    project = make_project("", audits={"a.sql": text})
    (result,) = audit(session, project, ["01_first"], ["01_first"], as_it_stands(project))
    assert (result.outcome, str(result.place), result.excerpt, result.width) == (
        "ERROR",
        "audits/a.sql:3:6",
        "from leads as l",
        5,
    )
    assert result.message == 'relation "leads" does not exist'
    assert result.detail == "PostgreSQL reported SQLSTATE 42P01."


def test_an_audit_can_change_nothing(audited: Audited, session: Session) -> None:
    text = "select nextval('s')::text as object, null as problem, null as fix"
    assert audited("create sequence s", "", audits={"a.sql": text}) == [
        "ERROR a | a | cannot execute nextval() in a read-only transaction"
    ]
    assert session.in_transaction is False


def test_a_phase_that_is_not_applied_is_skipped(
    session: Session,
    make_project: MakeProject,
    as_it_stands: Callable,  # type: ignore[type-arg]
) -> None:
    text = "-- phase: 02_second\nselect 1"
    project = make_project("tables: {t: present}", "tables: {u: present}", audits={"a.sql": text, "b.sql": "select 2"})
    results = list(audit(session, project, [], ["01_first", "02_second"], as_it_stands(project)))
    assert [(one.outcome, one.phase, one.subject, one.message) for one in results] == [
        ("SKIP", "01_first", "table t", "the phase is not applied"),
        ("SKIP", "02_second", "table u", "the phase is not applied"),
        ("SKIP", "02_second", "a", "the phase is not applied"),
        ("SKIP", None, "b", "phase 01_first is not applied"),
    ]


def test_an_audit_without_a_phase_runs_behind_the_last(
    session: Session,
    make_project: MakeProject,
    as_it_stands: Callable,  # type: ignore[type-arg]
) -> None:
    text = "select 'x' as object, null as problem, null as fix"
    project = make_project("", "", audits={"a.sql": text})
    files, both = as_it_stands(project), ["01_first", "02_second"]
    assert list(audit(session, project, ["01_first"], ["01_first"], files)) == []
    assert list(audit(session, project, both, ["01_first"], files)) == []
    assert [one.subject for one in audit(session, project, both, ["02_second"], files)] == ["x"]


AUDITOR = "test_auditor"


@pytest.fixture
def auditor(server_session: Session, database: str, admin_dsn: str) -> Session:  # type: ignore[misc]
    """A role that may connect, and nothing else."""
    server_session.send(f"create role {AUDITOR} login")
    with connect(admin_dsn, application="pytest") as session:
        session.send(f"grant connect on database {database} to {AUDITOR}")
        session.send(f"set session authorization {AUDITOR}")
        yield session
        session.send("reset session authorization")
        session.send(f"drop owned by {AUDITOR}")
    server_session.send(f"drop role {AUDITOR}")


def test_what_a_role_may_not_read_is_an_error_with_the_grant(
    audited: Audited, session: Session, auditor: Session
) -> None:
    session.send("create table leads (a int)")
    text = "select 'x' as object, null as problem, null as fix from leads"
    assert audited("", "tables: {leads: present}", audits={"a.sql": text}, by=auditor) == [
        "PASS table leads | present",
        f'ERROR a | a | permission denied for table leads | fix: grant select on table leads to "{AUDITOR}";',
    ]


def test_row_security_cannot_hide_rows_from_an_audit(audited: Audited, session: Session, auditor: Session) -> None:
    session.send(
        "create table leads (a int); alter table leads enable row level security; grant select on leads to public"
    )
    text = "select 'x' as object, null as problem, null as fix from leads"
    assert audited("", "", audits={"a.sql": text}, by=auditor) == [
        'ERROR a | a | query would be affected by row-level security policy for table "leads"'
        " | fix: audit as a role that row security does not bind: its owner, or"
        f' alter role "{AUDITOR}" bypassrls;'
    ]


def test_information_schema_cannot_hide_tables_from_an_audit(
    audited: Audited, session: Session, auditor: Session
) -> None:
    session.send("create table leads (a int); create table posts (a int)")
    text = "select table_name as object, null as problem, null as fix from information_schema.tables"
    assert audited("", "", audits={"a.sql": text}, by=auditor) == [
        f"ERROR a | a | information_schema does not show table leads and 1 more to role {AUDITOR}"
        f" | fix: read pg_catalog instead, or grant nexiom_owner to {AUDITOR};"
    ]
