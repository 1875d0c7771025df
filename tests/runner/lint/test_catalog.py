"""How the catalog is asked: once for all rules, and a rule that may not look keeps no other from looking."""

from nexiom_runner.database.session import Session
from nexiom_runner.lint.catalog import Blind, look
from nexiom_runner.lint.rule import CATALOG, all_rules

RULES = [rule for rule in all_rules().values() if rule.looks_at == CATALOG]
OPEN = "create table {0} (id int primary key); grant select on {0} to anon;"


def test_the_number_of_questions_does_not_depend_on_rules_or_objects(session: Session) -> None:
    session.send("".join(OPEN.format(f"t{number}") for number in range(100)))
    before = session.round_trips
    looked = look(session, RULES, ["public"])
    assert len(looked.found) == 100
    assert session.round_trips - before <= 5


def test_objects_are_counted_by_kind(session: Session) -> None:
    session.send("create schema crm; create table crm.a (id int primary key); create view crm.v as select 1 as id")
    looked = look(session, RULES, ["crm"])
    assert {kind: number for kind, number in looked.objects.items() if number} == {
        "table": 1,
        "view": 1,
        "index": 1,
        "constraint": 1,
    }


def test_a_schema_that_is_not_there_is_said(session: Session) -> None:
    assert look(session, RULES, ["public", 'no "such", schema']).missing == ('no "such", schema',)


def test_a_schema_of_any_name_is_looked_into(session: Session) -> None:
    session.send('create schema "a\\b, ""c"""; grant usage on schema "a\\b, ""c""" to anon')
    session.send(OPEN.format('"a\\b, ""c""".t'))
    assert [one.rule for one in look(session, RULES, ['a\\b, "c"']).found] == ["row-security-off"]


def test_a_rule_that_may_not_look_names_the_grant(session: Session, admin_session: Session) -> None:
    session.send(OPEN.format("t"))
    admin_session.send("revoke select on pg_sequence from public")
    looked = look(session, RULES, ["public"])
    assert looked.blind == (
        Blind(
            "sequence-near-its-end",
            "the catalog cannot be read: permission denied for table pg_sequence",
            "grant select on pg_sequence to nexiom_owner;",
        ),
    )
    assert [one.rule for one in looked.found] == ["row-security-off"]
    assert looked.objects["table"] == 1


def test_nothing_is_left_behind(session: Session) -> None:
    look(session, RULES, ["public"])
    assert not session.in_transaction
    (row,) = session.send("show search_path")[0].rows
    assert row[0] != "pg_catalog"
