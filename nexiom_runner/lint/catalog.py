"""Catalog rules: one query each, all of them one message in one snapshot; a rule that cannot look says so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nexiom_runner.catalog.names import quoted
from nexiom_runner.database.queries import Literal, Query, load
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import ServerError
from nexiom_runner.lint.rule import Found, Rule

CATALOG_PATH = "set local search_path = pg_catalog"
COLUMNS = ("kind", "schema", "name", "relation", "types", "message", "fix", "unless")


@dataclass(frozen=True, slots=True)
class Blind:
    """A rule that could not look, why, and what would help."""

    rule: str
    message: str
    fix: str | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What the rules found, which could not look, and how many objects of each kind were there to be looked at."""

    found: tuple[Found, ...]
    blind: tuple[Blind, ...]
    objects: dict[str, int]
    missing: tuple[str, ...] = ()  # schemas of the project that are not there


def look(session: Session, rules: Sequence[Rule], schemas: Sequence[str]) -> Looked:
    """Ask every rule, read-only, in one snapshot.

    A constant number of round trips, however many rules and objects; where a rule is refused, some more for each.
    Raises UnavailableError only.
    """
    with session.transaction(read_only=True, isolation="repeatable read", rollback=True, first=CATALOG_PATH):
        return ask(session, rules, schemas)


def ask(session: Session, rules: Sequence[Rule], schemas: Sequence[str]) -> Looked:
    """The same in a transaction that is open, whose search_path is the catalog."""
    texts = [session.written(_query(rule, schemas)) for rule in rules]
    counted = session.written(load(__file__, "objects.sql").compose(schemas=_array(schemas)))
    try:
        with session.savepoint():
            *answers, objects = session.send(";\n".join([*texts, counted]))
    except ServerError:
        return _one_by_one(session, rules, texts, counted)
    found = [one for rule, answer in zip(rules, answers, strict=True) for one in _found(rule, answer)]
    return Looked(tuple(found), (), _counts(objects), _missing(objects, schemas))


def _query(rule: Rule, schemas: Sequence[str]) -> Query:
    return Query(rule.query or "", rule.id).compose(schemas=_array(schemas))


def _array(schemas: Sequence[str]) -> Literal:
    """An array's literal: every element in double quotes."""
    escaped = (schema.replace("\\", "\\\\").replace('"', '\\"') for schema in schemas)
    return Literal("{" + ",".join(f'"{schema}"' for schema in escaped) + "}")


def _one_by_one(session: Session, rules: Sequence[Rule], texts: Sequence[str], counted: str) -> Looked:
    """Some rule was refused: each in a savepoint of its own, so that one does not keep the others from looking."""
    found: list[Found] = []
    blind: list[Blind] = []
    for rule, text in zip(rules, texts, strict=True):
        answer = _asked(session, rule.id, text, blind)
        found += _found(rule, answer) if answer is not None else ()
    objects = _asked(session, "objects", counted, blind)
    counts = _counts(objects) if objects is not None else {}
    return Looked(tuple(found), tuple(blind), counts)


def _asked(session: Session, rule: str, text: str, blind: list[Blind]) -> ResultSet | None:
    try:
        with session.savepoint(rollback=True):
            return session.send(text)[0]
    except ServerError as error:
        blind.append(Blind(rule, f"the catalog cannot be read: {error.report.message}", grant_for(session, error)))
        return None


def grant_for(session: Session, error: ServerError) -> str | None:
    """The grant that would help: `permission denied for table pg_proc` names what it is on."""
    refused = re.search(r"permission denied for (table|view|function|schema) (\S+)", error.report.message)
    if refused is None:
        return None
    right = {"function": "execute on function", "schema": "usage on schema"}.get(refused[1], "select on")
    return f"grant {right} {refused[2]} to {quoted(session.server.role)};"


def _found(rule: Rule, answer: ResultSet) -> Iterator[Found]:
    for row in answer.rows:
        kind, schema, name, relation, types, message, fix, unless = row
        yield Found(rule.id, kind or "", schema, name or "", message or "", relation, types, fix, unless)


def _counts(objects: ResultSet) -> dict[str, int]:
    return {kind: int(number) for kind, number, _ in objects.rows if kind and number and kind != "schema"}


def _missing(objects: ResultSet, schemas: Sequence[str]) -> tuple[str, ...]:
    there = {name for kind, _, name in objects.rows if kind == "schema"}
    return tuple(schema for schema in schemas if schema not in there)
