"""The tables that a function reads and writes in the end: through functions, views, triggers, foreign keys."""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from nexiom_runner.audit.routes import READ, Relation, Routes, Routine, label
from nexiom_runner.sql.touches import ALL


@dataclass(frozen=True, slots=True)
class Access:
    """A table that is reached: what is done with it, with which columns (None: all), for which API roles, how."""

    relation: Relation
    events: frozenset[str]
    columns: frozenset[str] | None
    roles: frozenset[str]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is executed as text on the way, or not written in SQL; with whose rights."""

    what: str
    roles: frozenset[str]
    elevated: bool
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """All that a function reaches, the shortest ways first."""

    accesses: tuple[Access, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class _At:
    """A function or table on the way. `elevated`: with the rights of another than who called.

    `let_in`: whose rights on the table do not matter any more, since those on its parent were asked for.
    """

    what: Relation | Routine
    roles: frozenset[str]
    elevated: bool
    path: tuple[str, ...]
    events: frozenset[str] = frozenset()
    columns: frozenset[str] | None = None
    let_in: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What makes another way to the same place one that need not be gone again."""
        kind = isinstance(self.what, Routine)
        return kind, self.what.oid, self.roles, self.elevated, self.events, self.columns, self.let_in


def reached_by(routes: Routes, oid: int, roles: Collection[str]) -> Reached:
    """What a function that these API roles may call reaches with its own rights and with theirs."""
    root = routes.routines.get(oid)
    if root is None:
        return Reached()
    start = _At(root, frozenset(roles), root.definer, (label(root),))
    pending, seen = deque([start]), {start.key}
    accesses: list[Access] = []
    unknown: list[Unknown] = []
    while pending:
        at = pending.popleft()
        if isinstance(at.what, Routine):
            told = routes.body(at.what).unknown
            unknown += [Unknown(what, at.roles, at.elevated, at.path) for what in told]
            further = _from_function(routes, at, at.what)
        else:
            table, at = at.what, _entered(at, at.what)
            accesses.append(Access(table, at.events, at.columns, at.roles, at.path))
            further = _from_table(routes, at, table)
        for one in further:
            if one.key not in seen:
                seen.add(one.key)
                pending.append(one)
    return Reached(tuple(accesses), tuple(unknown))


def _entered(at: _At, table: Relation) -> _At:
    """As whom one gets at the table, and which columns of it are meant."""
    columns = None if at.columns is None or at.columns >= table.columns else at.columns & table.columns
    roles = at.roles if at.elevated or at.let_in else at.roles & table.open_to
    return replace(at, roles=roles, columns=columns)


def _from_function(routes: Routes, at: _At, function: Routine) -> Iterator[_At]:
    touched, calls = routes.from_function(function)
    for table, touch in touched:
        yield _At(table, at.roles, at.elevated, (*at.path, label(table)), touch.events, touch.columns)
    for called in calls:
        yield _called(at, called, asked=True)


def _called(at: _At, function: Routine, *, asked: bool) -> _At:
    """A function that is called from there; whether the right to execute it is asked for."""
    roles = at.roles & function.open_to if asked and not at.elevated else at.roles
    return _At(function, roles, at.elevated or function.definer, (*at.path, label(function)))


def _from_table(routes: Routes, at: _At, table: Relation) -> Iterator[_At]:
    source = ("table", table.oid)
    yield from _through_view(routes, at, table)
    for function in routes.functions(source, {"trigger", "default", "check", "rule"}, at.events):
        yield _called(at, function, asked=False)
    for one in routes.known.get(source, ()):
        target = None if one.to_function else routes.relations.get(one.target)
        if target is None:
            continue
        path = (*at.path, label(target))
        if one.route == "part":
            yield replace(at, what=target, path=path, let_in=True)
        elif one.route == "rule" and at.events & (one.events or ALL):
            yield _At(target, at.roles, True, path, ALL, None)
        elif one.route == "foreign key" and at.events & (one.events or ALL):
            yield _At(target, at.roles, True, path, frozenset({"update", "delete"}), None)


def _through_view(routes: Routes, at: _At, view: Relation) -> Iterator[_At]:
    """The tables under a view are read with the rights of its owner, the functions in it run with the caller's."""
    source = ("table", view.oid)
    for table, touch in routes.used(source, "view", at.events or READ) if view.is_view else ():
        elevated = at.elevated or not view.is_invoker
        yield _At(table, at.roles, elevated, (*at.path, label(table)), touch.events, touch.columns)
    for function in routes.functions(source, {"view"}) if view.is_view else ():
        yield _called(at, function, asked=True)
