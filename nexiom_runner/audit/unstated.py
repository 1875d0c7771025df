"""Tables and functions that others than their owner can reach while no phase says who may: not looked at, and said."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from nexiom_runner.audit.grants import listed
from nexiom_runner.audit.read import CATALOG_PATH
from nexiom_runner.catalog.model import Name
from nexiom_runner.catalog.names import shown, told
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.project.in_force import ObjectKey, in_force
from nexiom_runner.project.model import Project
from nexiom_runner.results import Difference, Kind, Outcome, Result

ATTRIBUTES = {"table": "grants", "function": "execute"}


@dataclass(frozen=True, slots=True)
class Reachable:
    """A live object and what roles other than its owner and superusers may do with it."""

    kind: str
    name: Name
    types: tuple[str, ...]  # of a function's input
    roles: Mapping[str, tuple[str, ...]]  # role → privileges
    oid: int = 0
    definer: bool = False  # a function that runs with its owner's rights
    api: tuple[str, ...] = ()  # anon, authenticated: those of them that may execute it, however they came to it


def unstated_of(
    reachable: Sequence[Reachable], project: Project, applied: Sequence[str], creators: Mapping[Name, str]
) -> list[Result]:
    """SKIP for every object that others can reach and whose grants no applied phase states.

    A result is of the phase whose script creates the object (`creators`), else of none.
    """
    stated = _stated(project, applied)
    paths = {phase.name: phase.path for phase in project.phases}
    return [_result(one, creators.get(one.name), paths) for one in _without(reachable, stated)]


def read_reachable(session: Session, schemas: Sequence[str]) -> list[Reachable]:
    """Every table and function of the schemas that others than its owner may use. One query; raises ServerError.

    An extension's objects are left out, and so are trigger functions, which nobody can call.
    """
    with session.transaction(read_only=True, rollback=True, first=CATALOG_PATH):
        rows: list[Any] = session.rows(load(__file__, "reachable.sql"), schemas=list(schemas))
    objects = (list(group) for _, group in groupby(rows, key=lambda row: (row.kind, row.oid)))
    return [_reachable(group[0], {row.role: tuple(row.privileges) for row in group}) for group in objects]


def _reachable(row: Any, roles: Mapping[str, tuple[str, ...]]) -> Reachable:
    name, types = (row.schema, row.name), tuple(row.types or ())
    return Reachable(row.kind, name, types, roles, row.oid, bool(row.definer), tuple(row.api or ()))


def _stated(project: Project, applied: Sequence[str]) -> dict[tuple[str, Name], list[ObjectKey]]:
    """The objects whose `grants` or `execute` is in force, by kind and name."""
    found: dict[tuple[str, Name], list[ObjectKey]] = {}
    for one in in_force(project, applied):
        kind = "table" if one.key.kind == "view" else one.key.kind
        if one.attribute == ATTRIBUTES.get(kind):
            found.setdefault((kind, (one.key.schema, one.key.name)), []).append(one.key)
    return found


def _without(
    reachable: Collection[Reachable], stated: Mapping[tuple[str, Name], Sequence[ObjectKey]]
) -> Iterator[Reachable]:
    for (kind, name), group in groupby(reachable, key=lambda one: (one.kind, one.name)):
        yield from _left_over(list(group), stated.get((kind, name), ()))


def _left_over(live: Sequence[Reachable], stated: Sequence[ObjectKey]) -> list[Reachable]:
    """The overloads of which none is meant by what is stated; a type may be spelt another way than the server's."""
    if stated and (len(live) == 1 or any(key.types is None for key in stated)):
        return []
    exact = {key.types for key in stated}
    left = [one for one in live if tuple(map(told, one.types)) not in exact and one.types not in exact]
    taken = {one.types for one in live} | {tuple(map(told, one.types)) for one in live}
    for key in stated:
        meant = next((one for one in left if len(one.types) == len(key.types or ())), None)
        if key.types not in taken and meant is not None:
            left.remove(meant)
    return left


def subject_of(one: Reachable) -> str:
    """`table t`, `function f(integer)`."""
    types = f"({', '.join(map(told, one.types))})" if one.kind == "function" else ""
    return f"{one.kind} {shown(one.name)}{types}"


def _result(one: Reachable, phase: str | None, paths: Mapping[str, str]) -> Result:
    attribute = ATTRIBUTES[one.kind]
    return Result(
        Outcome.SKIP,
        Kind.OBJECT,
        phase,
        subject_of(one),
        attribute,
        message=f"{_who(one)} it, and no phase states its {attribute}",
        differences=(Difference(attribute, None, listed(one.roles)),),
        fix=_fix(one, paths.get(phase or "")),
    )


def _who(one: Reachable) -> str:
    """`anon, authenticated may execute`, `anon may select; authenticated may insert, select`."""
    together: dict[tuple[str, ...], list[str]] = {}
    for role, privileges in one.roles.items():
        together.setdefault(privileges, []).append(role)
    return "; ".join(f"{listed(roles)} may {', '.join(rights)}" for rights, roles in together.items())


def _fix(one: Reachable, path: str | None) -> str:
    where = f"{path}/phase.yml" if path else "the phase.yml that answers for it"
    if one.kind == "table":
        said = ", ".join(f"{role}: [{', '.join(rights)}]" for role, rights in one.roles.items())
        line = f"tables: {{{shown(one.name)}: {{grants: {{{said}}}}}}}"
    else:
        line = f"functions: {{{shown(one.name)}: {{execute: [{listed(one.roles)}]}}}}"
    return f"state under expect in {where}: {line}; or revoke it"
