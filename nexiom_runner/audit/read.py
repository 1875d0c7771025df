"""The catalog of a live database as data: a constant number of queries, one snapshot, only what was asked for."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from nexiom_runner.audit.kinds.read import SAVED, Rows, ask_conditions, read_nearby, read_rows
from nexiom_runner.catalog.model import Argument, Catalog, Column, Function, Grant, Index, Name, Role, Table
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerReport

MODES = {"i": "in", "o": "out", "b": "inout", "v": "variadic", "t": "table"}
CATALOG_PATH = "set local search_path = pg_catalog"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The objects and roles to look at, by name."""

    tables: frozenset[Name] = frozenset()
    functions: frozenset[Name] = frozenset()
    roles: frozenset[str] = frozenset()
    rows: Mapping[str, frozenset[Name]] = field(default_factory=dict)  # of every other kind, by query
    kinds: Mapping[str, str] = field(default_factory=dict)  # the kind of object a query is of, for misspelt names
    conditions: tuple[str, ...] = ()


def read_catalog(session: Session, wanted: Wanted) -> Catalog:
    """What is live of the wanted objects, and of those not found the names like theirs.

    At most seven queries for tables, functions and roles and three for all else, however many objects, in one
    repeatable read, read-only transaction. Any role may read
    PostgreSQL's catalog; where rights on it were revoked this raises ServerError.
    """
    more = f"; {SAVED}" if wanted.rows or wanted.conditions else ""
    with session.transaction(read_only=True, isolation="repeatable read", first=CATALOG_PATH + more):
        rows = read_rows(session, wanted.rows)
        relations = _rows_of(session, "tables.sql", wanted.tables)
        functions = _rows_of(session, "functions.sql", wanted.functions)
        grants = _grants(session, [row.oid for row in relations], [row.oid for row in functions])
        tables = _tables(session, relations, grants)
        found = _functions(functions, grants)
        roles = _roles(session, wanted.roles)
        nearby = _nearby(session, wanted, tables, found, roles) | read_nearby(session, _missing(wanted, rows))
        answers = ask_conditions(session, wanted.conditions)
    return Catalog(tables, found, roles, nearby, session.server.role, rows, answers)


def _missing(wanted: Wanted, rows: Rows) -> set[str]:
    """Kinds of which something is not there."""
    found = {query: rows[query] for query in wanted.kinds}
    return {
        wanted.kinds[query]
        for query, there in found.items()
        if not isinstance(there, ServerReport) and not wanted.rows[query] <= there.keys()
    }


def read_types_nearby(session: Session, names: Collection[str]) -> tuple[Name, ...]:
    """Types whose names are like these, for a misspelt one."""
    rows = session.rows(load(__file__, "nearby.sql"), kinds=["type"] * len(names), names=list(names))
    return tuple((row.schema, row.name) for row in rows if row.kind == "type")


def _rows_of(session: Session, query: str, names: Collection[Name]) -> list[Any]:
    if not names:
        return []
    asked = [{"schema": schema, "name": name} for schema, name in sorted(names)]
    return session.rows(load(__file__, query), asked=json.dumps(asked))


def _array(oids: Iterable[int]) -> str:
    """PostgreSQL's text of an array: written ten times as fast as a list is adapted."""
    return f"{{{','.join(map(str, oids))}}}"


def _grants(session: Session, relations: list[int], functions: list[int]) -> dict[tuple[str, int], tuple[Grant, ...]]:
    if not relations and not functions:
        return {}
    rows = session.rows(load(__file__, "grants.sql"), relations=_array(relations), functions=_array(functions))
    found: dict[tuple[str, int], list[Grant]] = {}
    for row in rows:
        grant = Grant(row.role, row.privilege, row.origin, row.of, row.schema)
        found.setdefault((row.type, row.object), []).append(grant)
    return {key: tuple(grants) for key, grants in found.items()}


def _tables(
    session: Session, rows: list[Any], grants: Mapping[tuple[str, int], tuple[Grant, ...]]
) -> dict[Name, Table]:
    if not rows:
        return {}
    oids = _array(row.oid for row in rows)
    columns = _grouped(session.rows(load(__file__, "columns.sql"), relations=oids))
    indexes = _grouped(session.rows(load(__file__, "indexes.sql"), relations=oids))
    return {
        (row.schema, row.name): Table(
            row.schema,
            row.name,
            row.kind,
            row.owner,
            row.row_security,
            tuple(Column(*column[1:]) for column in columns.get(row.oid, ())),
            tuple(_index(index) for index in indexes.get(row.oid, ())),
            grants.get(("r", row.oid), ()),
        )
        for row in rows
    }


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {oid: list(group) for oid, group in groupby(rows, key=lambda row: int(row.relation))}


def _index(row: Any) -> Index:
    return Index(row.name, row.definition, row.unique, row.primary, row.valid)


def _functions(
    rows: list[Any], grants: Mapping[tuple[str, int], tuple[Grant, ...]]
) -> dict[Name, tuple[Function, ...]]:
    found: dict[Name, list[Function]] = {}
    for row in rows:
        function = _function(row, grants.get(("f", row.oid), ()))
        found.setdefault((row.schema, row.name), []).append(function)
    return {name: tuple(functions) for name, functions in found.items()}


def _function(row: Any, grants: tuple[Grant, ...]) -> Function:
    arguments = _arguments(row)
    return Function(
        schema=row.schema,
        name=row.name,
        kind=row.kind,
        owner=row.owner,
        arguments=tuple(argument for argument in arguments if argument.mode != "table"),
        returns=row.returns,
        returns_set=row.returns_set,
        columns=tuple(argument for argument in arguments if argument.mode == "table"),
        language=row.language,
        volatility=row.volatility,
        security=row.security,
        strict=row.strict,
        search_path=row.search_path,
        grants=grants,
    )


def _arguments(row: Any) -> list[Argument]:
    types = row.argument_types or []
    names = row.argument_names or [""] * len(types)
    modes = row.argument_modes or ["i"] * len(types)
    defaults = row.argument_defaults or [None] * len(types)
    return [
        Argument(name, MODES[mode], kind, default)
        for name, mode, kind, default in zip(names, modes, types, defaults, strict=True)
    ]


def _roles(session: Session, names: Collection[str]) -> dict[str, Role]:
    if not names:
        return {}
    rows = session.rows(load(__file__, "roles.sql"), names=sorted(names))
    return {row.name: Role(row.name, row.superuser, tuple(row.memberships or ())) for row in rows}


def _nearby(
    session: Session, wanted: Wanted, tables: Collection[Name], functions: Collection[Name], roles: Collection[str]
) -> dict[str, tuple[Name, ...]]:
    missing = [("table", name[1]) for name in sorted(wanted.tables.difference(tables))]
    missing += [("function", name[1]) for name in sorted(wanted.functions.difference(functions))]
    missing += [("role", name) for name in sorted(wanted.roles.difference(roles))]
    if not missing:
        return {}
    kinds, names = zip(*missing, strict=True)
    found: dict[str, list[Name]] = {}
    for row in session.rows(load(__file__, "nearby.sql"), kinds=list(kinds), names=list(names)):
        found.setdefault(row.kind, []).append((row.schema, row.name))
    return {kind: tuple(near) for kind, near in found.items()}
