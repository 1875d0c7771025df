"""One query for all kinds, in the snapshot of the tables; what may not be seen is an error, never green."""

from collections.abc import Callable
from typing import Any

import pytest

from nexiom_runner.audit.audit import audit
from nexiom_runner.database.session import Session, connect
from nexiom_runner.project.model import Project
from nexiom_runner.results import Outcome

Audited = Callable[..., list[str]]
MakeProject = Callable[..., Project]

SQL = """
    create table t{0} (a int constraint t{0}_a check (a > 0));
    create policy p on t{0} using (a in (select 1));
    create sequence s{0};
"""
TABLE = """
  t{0}: {{constraints: {{t{0}_a: check (a > 0)}}, policies: {{p: using (a in (select 1))}}, owner: nexiom_owner}}
"""


@pytest.mark.parametrize("count", [2, 60])
def test_the_number_of_queries_is_constant(session: Session, make_project: MakeProject, count: int) -> None:
    _ = session.server
    session.send("".join(SQL.format(n) for n in range(count)))
    sequences = "".join(f"  s{n}: {{increment: 1}}\n" for n in range(count))
    stated = f"tables:\n{''.join(TABLE.format(n) for n in range(count))}sequences:\n{sequences}holds: {{one: 1 = 1}}"
    project, before = make_project(stated), session.round_trips
    results = list(audit(session, project, ["01_first"], ["01_first"], ()))
    # begin, all kinds, tables, grants, columns, indexes, conditions, commit; begin, plans in one message, rollback
    assert session.round_trips - before == 11
    assert (len(results), {one.outcome for one in results}) == (6 * count + 1, {Outcome.PASS})


@pytest.fixture
def auditor(admin_session: Session, dsn_of: dict[str, str]) -> Any:
    """A session as a role that owns nothing and has no rights."""
    admin_session.send("create role looker login password 'x'")
    with connect(dsn_of["nexiom_owner"].replace("nexiom_owner", "looker"), application="pytest") as opened:
        yield opened
    admin_session.send("drop owned by looker; drop role looker")


def test_a_kind_whose_catalog_may_not_be_read_is_an_error_the_others_are_not(
    admin_session: Session, session: Session, audited: Audited
) -> None:
    admin_session.send("revoke select on pg_policy, pg_enum from public")
    sql = "create table t (a int check (a > 0)); create type mood as enum ('a')"
    stated = """
        tables: {t: {policies: {p: for select using (true)}, constraints: {t_a_check: check (a > 0)}}}
        enums: {mood: [a]}
    """
    assert audited(sql, stated) == [
        "PASS table t | present",
        "ERROR table t | policy p | the catalog cannot be read: permission denied for table pg_policy"
        " | fix: grant select on pg_catalog.pg_policy to the role that audits;",
        "PASS table t | constraint t_a_check",
        "ERROR enum mood | present | the catalog cannot be read: permission denied for table pg_enum"
        " | fix: grant select on pg_catalog.pg_enum to the role that audits;",
    ]


def test_a_role_without_rights_sees_everything_but_what_it_must_ask(
    auditor: Session, session: Session, audited: Audited
) -> None:
    sql = """
        create schema crm; create table people (id int); create table t (a int check (a > 0));
        create policy p on t using (exists (select from people where id = a));
        create policy q on t using (a > 1); create sequence s;
    """
    session.send(sql)
    stated = """
        tables:
          t:
            constraints: {t_a_check: check (a  > 0)}
            policies: {p: using (exists (select 1 from people where id = a)), q: using (a  > 1)}
            owner: nexiom_owner
        sequences: {s: {increment: 1, headroom: 10%}}
        holds: {people are there: exists (select from people)}
    """
    assert [line for line in audited("", stated, by=auditor) if not line.startswith("PASS ")] == [
        "ERROR table t | policy p | policy p cannot be compared: permission denied for table people"
        " | fix: grant select on table people to the role that audits;",
        "ERROR sequence s | headroom | headroom cannot be evaluated: permission denied for sequence public.s"
        " | fix: grant select on sequence public.s to the role that audits;",
        "ERROR people are there | holds | permission denied for table people in `exists (select from people)`"
        " | fix: grant select on table people to the role that audits;",
    ]


LONG = "ü" * 31 + "x"  # 63 bytes


def test_names_of_63_bytes_quoted_and_in_two_schemas(audited: Audited) -> None:
    sql = f"""
        create schema "Größe";
        create table "{LONG}" ("a b" int constraint "{LONG}" check ("a b" > 0));
        create table "Größe"."{LONG}" ("a b" int constraint "{LONG}" check ("a b" > 1));
        create type "Größe".mood as enum ('a'); create type mood as enum ('b');
        create sequence "Größe"."s.s"; create sequence "s.s" increment 2;
    """
    stated = f"""
        tables:
          {LONG}: {{constraints: {{{LONG}: check ("a b"  > 0)}}, owner: nexiom_owner}}
          Größe.{LONG}: {{constraints: {{{LONG}: check ("a b"  > 1)}}, owner: nexiom_owner}}
        enums: {{mood: [b], Größe.mood: [a]}}
        sequences: {{'"s.s"': {{increment: 2}}, 'Größe."s.s"': {{increment: 1}}}}
    """
    lines = audited(sql, stated)
    assert [line for line in lines if not line.startswith("PASS ")] == []
    assert len(lines) == 14


def test_fifty_overloads_are_told_apart(audited: Audited) -> None:
    sql = "".join(
        f"create function f({', '.join(['int'] * n)}) returns int language sql cost {n + 1} as 'select 1';"
        for n in range(50)
    )
    stated = "functions:\n  f:\n" + "".join(
        f"    - {{arguments: {{{', '.join(f'${at}: int' for at in range(1, n + 1))}}}, cost: {n + 1}}}\n"
        for n in range(50)
    )
    assert {line.split(" ")[0] for line in audited(sql, stated)} == {"PASS"}


def test_what_a_later_phase_says_is_absent_is_no_longer_looked_for(audited: Audited) -> None:
    first = """
        tables: {old: {columns: {a: int}, constraints: {c: check (a > 0)}}, t: {policies: {p: using (true)}}}
        functions: {f: {arguments: {a: int}, cost: 5, calls: {one: {with: {a: 1}}}}}
        enums: {mood: [a]}
    """
    second = "tables: {old: absent, t: {policies: {p: absent}}}\nfunctions: {f: absent}\nenums: {mood: absent}"
    assert audited("create table t ()", first, second) == [
        "PASS table old | absent",
        "PASS table t | present",
        "PASS table t | policy p",
        "PASS function f | absent",
        "PASS enum mood | absent",
    ]


def test_what_is_absent_may_come_back(audited: Audited) -> None:
    lines = audited("create table t (a int)", "tables: {t: absent}", "tables: {t: {columns: {a: int}}}")
    assert lines == ["PASS table t | present", "PASS table t | column a type"]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("tables: {crm.t: absent}", "table crm.t | absent | expected absent, found a table | fix: drop table crm.t;"),
        ("views: {v: absent}", "view v | absent | expected absent, found a view | fix: drop view public.v;"),
        (
            "functions: {f: absent}",
            "function f | absent | expected absent, found f(integer); f(text)"
            " | fix: drop function public.f(integer);\ndrop function public.f(text);",
        ),
        ("enums: {mood: absent}", "enum mood | absent | expected absent, found a type | fix: drop type public.mood;"),
        (
            "extensions: {plpgsql: absent}",
            "extension plpgsql | absent | expected absent, found an extension | fix: drop extension plpgsql;",
        ),
    ],
)
def test_what_must_be_absent_and_is_not_is_told_with_the_drop(audited: Audited, stated: str, said: str) -> None:
    sql = """
        create schema crm; create table crm.t (); create view v as select 1 as a; create type mood as enum ('a');
        create function f(a int) returns int language sql as 'select 1';
        create function f(a text) returns int language sql as 'select 1';
    """
    assert audited(sql, stated) == [f"FAIL {said}"]


CONDITIONS = """
holds:
  all is well: 1 = 1
  all is bad: 1 = 2
  nobody knows: "null"
  it is nowhere: exists (select from nowhere)
  it is elsewhere: exists (select from elsewhere)
  it writes: nextval('s') > 0
  two: 1 = 1; drop table t
  a comment: 1 = 1 -- at the end
  twice: 1 = 2
"""


def test_conditions_are_asked_read_only_and_each_alone(audited: Audited) -> None:
    assert audited("create sequence s", CONDITIONS.strip()) == [
        "PASS all is well | holds",
        "FAIL all is bad | holds | expected true, found false",
        "FAIL nobody knows | holds | expected true, found null",
        'ERROR it is nowhere | holds | relation "nowhere" does not exist in `exists (select from nowhere)`',
        'ERROR it is elsewhere | holds | relation "elsewhere" does not exist in `exists (select from elsewhere)`',
        "ERROR it writes | holds | cannot execute nextval() in a read-only transaction in `nextval('s') > 0`",
        'ERROR two | holds | ";" is out of place in `1 = 1; drop table t`',
        "PASS a comment | holds",
        "FAIL twice | holds | expected true, found false",
    ]
