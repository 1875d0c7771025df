"""Which ways lead from a function to tables, as the catalog and the bodies of functions tell it, in one snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeVar

from nexiom_runner.audit.functions import path_items
from nexiom_runner.audit.read import CATALOG_PATH
from nexiom_runner.catalog.model import Name
from nexiom_runner.catalog.names import shown
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.sql.touches import ALL, Body, Call, Touch, body_of

One = TypeVar("One", "Relation", "Routine")
READ = frozenset({"select"})


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view; `open_to` are the API roles that may do anything with it."""

    oid: int
    name: Name
    is_view: bool
    is_invoker: bool
    columns: frozenset[str]
    open_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Routine:
    """A function or procedure of nobody but the database's users; `source` is "" where its body was bound."""

    oid: int
    name: Name
    definer: bool
    language: str
    source: str
    definition: str
    search_path: str | None
    arguments: int
    defaults: int
    variadic: bool
    is_aggregate: bool
    open_to: frozenset[str]

    @property
    def is_bound(self) -> bool:
        """Whether the catalog knows what it uses."""
        return self.is_aggregate or (self.language == "sql" and not self.source)

    def takes(self, given: int | None) -> bool:
        """Whether it may be called with so many arguments."""
        if given is None or self.variadic:
            return True
        return self.arguments - self.defaults <= given <= self.arguments


@dataclass(frozen=True, slots=True)
class Route:
    """A way that the catalog knows: on to a function or a table, on these events; None is any."""

    route: str  # body, view, rule, trigger, default, check, foreign key, part
    to_function: bool
    target: int
    column: str | None
    events: frozenset[str] | None


Touched = list[tuple[Relation, Touch]]


@dataclass
class Routes:
    """All of them, and the bodies that were read so far."""

    relations: Mapping[int, Relation]
    routines: Mapping[int, Routine]
    known: Mapping[tuple[str, int], Sequence[Route]]  # by "function" or "table" and oid
    schemas: Sequence[str]  # where the API looks for a name without a schema
    named: Mapping[str, Sequence[Relation]] = field(default_factory=dict)
    called: Mapping[str, Sequence[Routine]] = field(default_factory=dict)
    bodies: dict[int, Body] = field(default_factory=dict)
    onward: dict[int, tuple[Touched, list[Routine]]] = field(default_factory=dict)  # found so far

    def body(self, routine: Routine) -> Body:
        """What its body says; read once."""
        if routine.oid not in self.bodies:
            self.bodies[routine.oid] = _body(routine)
        return self.bodies[routine.oid]

    def from_function(self, routine: Routine) -> tuple[Touched, list[Routine]]:
        """The tables that its body touches, each as it was written, and the functions it calls; looked for once."""
        if routine.oid not in self.onward:
            self.onward[routine.oid] = (self._touched_by(routine), self._called_by(routine))
        return self.onward[routine.oid]

    def _touched_by(self, routine: Routine) -> Touched:
        """Of a bound body as the catalog says."""
        body = self.body(routine)
        found = [] if routine.is_bound and not body.exact else sorted(body.touches, key=_order)
        touched = [(one, touch) for touch in found for one in self._relations(touch, routine)]
        written = {one.oid for one, touch in touched if touch.events != READ}
        touched = [(one, touch) for one, touch in touched if one.oid not in written or not _reads_nothing(one, touch)]
        if not routine.is_bound:
            return touched
        events = READ if body.exact else ALL
        return [*touched, *self.used(("function", routine.oid), "body", events)]

    def used(self, source: tuple[str, int], route: str, events: frozenset[str]) -> Touched:
        """The tables that a view or a bound body uses, with their columns."""
        columns: dict[int, set[str]] = {}
        for one in self.known.get(source, ()):
            if one.route == route and not one.to_function and one.target in self.relations:
                columns.setdefault(one.target, set()).update([one.column] if one.column else [])
        relations = ((self.relations[oid], names) for oid, names in columns.items())
        return [(one, Touch(*one.name, events, frozenset(names))) for one, names in relations]

    def _called_by(self, routine: Routine) -> list[Routine]:
        found = [one for call in sorted(self.body(routine).calls, key=str) for one in self._routines(call, routine)]
        found += self.functions(("function", routine.oid), {"body"}) if routine.is_bound else []
        return list(dict.fromkeys(found))

    def functions(
        self, source: tuple[str, int], routes: set[str], events: frozenset[str] | None = None
    ) -> list[Routine]:
        """The functions at the end of the ways of these kinds, on these events."""
        ways = (one for one in self.known.get(source, ()) if one.to_function and one.route in routes)
        met = (one for one in ways if events is None or one.events is None or one.events & events)
        return [self.routines[one.target] for one in met if one.target in self.routines]

    def _relations(self, touch: Touch, routine: Routine) -> list[Relation]:
        return [one for one in self.named.get(touch.name, ()) if one.name[0] in self._where(touch, one, routine)]

    def _routines(self, call: Call, routine: Routine) -> list[Routine]:
        near = [one for one in self.called.get(call.name, ()) if one.name[0] in self._where(call, one, routine)]
        return [one for one in near if one.takes(call.arguments)] or near

    def _where(self, written: Touch | Call, found: Relation | Routine, routine: Routine) -> Sequence[str]:
        """The schemas in which a name may be meant. Without a path of its own, one that the API does not see too."""
        if written.schema is not None:
            return (written.schema,)
        if routine.search_path is not None:
            return path_items(routine.search_path)
        namesakes = self.named if isinstance(found, Relation) else self.called
        seen = {*self.schemas, "public"}
        is_seen = any(one.name[0] in seen for one in namesakes.get(written.name, ()))
        return tuple(seen) if is_seen else (found.name[0],)


def read_routes(session: Session, schemas: Sequence[str]) -> Routes:
    """Everything at once: three queries, however many objects, in one snapshot. Raises ServerError."""
    with session.transaction(read_only=True, isolation="repeatable read", rollback=True, first=CATALOG_PATH):
        relations = [_relation(row) for row in session.rows(load(__file__, "relations.sql"))]
        routines = [_routine(row) for row in session.rows(load(__file__, "routines.sql"))]
        ways: list[Any] = session.rows(load(__file__, "routes.sql"))
    known: dict[tuple[str, int], list[Route]] = {}
    for row in ways:
        events = None if row.events is None else frozenset(row.events)
        source = ("function" if row.route == "body" else "table", row.source)
        known.setdefault(source, []).append(Route(row.route, row.to_function, row.target, row.column, events))
    by_oid = {one.oid: one for one in relations}, {one.oid: one for one in routines}
    return Routes(*by_oid, known, schemas, _by_name(relations), _by_name(routines))


def label(one: Relation | Routine) -> str:
    """Its name for people."""
    return shown(one.name)


def _by_name(many: Iterable[One]) -> dict[str, list[One]]:
    ordered = sorted(many, key=lambda one: (one.name[1], one.name[0], one.oid))
    return {name: list(group) for name, group in groupby(ordered, key=lambda one: one.name[1])}


def _relation(row: Any) -> Relation:
    names = frozenset(row.columns or ())
    return Relation(row.oid, (row.schema, row.name), row.is_view, row.is_invoker, names, frozenset(row.open_to or ()))


def _routine(row: Any) -> Routine:
    fields = (row.definer, row.language, row.source, row.definition, row.search_path, row.arguments, row.defaults)
    return Routine(
        row.oid, (row.schema, row.name), *fields, row.variadic, row.is_aggregate, frozenset(row.open_to or ())
    )


def _body(routine: Routine) -> Body:
    if routine.is_aggregate:
        return Body()
    if routine.language not in ("sql", "plpgsql"):
        return Body(unknown=(f"a body in {routine.language}",))
    return body_of(routine.definition, routine.source, routine.language)


def _reads_nothing(relation: Relation, touch: Touch) -> bool:
    """Whether none of the words that may be columns is one of the table's: it is only written there."""
    return touch.events == READ and touch.columns is not None and not touch.columns & relation.columns


def _order(touch: Touch) -> tuple[object, ...]:
    return touch.schema or "", touch.name, sorted(touch.events), sorted(touch.columns or ())
