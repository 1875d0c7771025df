"""What is stated of objects, compared with a catalog: one Result an attribute, in the order stated."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from nexiom_runner.audit.functions import find_function, judge_function, stated_signature
from nexiom_runner.audit.judgement import PASSED, UNDEFINED, Judgement
from nexiom_runner.audit.kinds.registry import (
    MORE,
    find_rows,
    judge_absent,
    judge_row,
    query_kinds,
    subject_of_row,
    wanted_conditions,
    wanted_rows,
)
from nexiom_runner.audit.read import Wanted, read_types_nearby
from nexiom_runner.audit.spelling import Speller, type_name
from nexiom_runner.audit.tables import attribute_name, find_view, judge_table, missing_table
from nexiom_runner.catalog.model import PUBLIC, Catalog, Function, Name, Row, Table
from nexiom_runner.catalog.names import shown
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError, ServerReport
from nexiom_runner.project.in_force import ObjectKey, Stated
from nexiom_runner.project.model import GrantExpectation
from nexiom_runner.results import Kind, Outcome, Result

_LISTS = {
    "index": "exactly indexes",
    "constraint": "exactly constraints",
    "trigger": "exactly triggers",
    "policy": "exactly policies",
}
Found = Table | Function | Sequence[Row] | Judgement  # a live object, or why there is none


@dataclass(frozen=True, slots=True)
class Context:
    """All that is in force, by object: overloads of one name, and the columns and indexes named."""

    overloads: dict[tuple[str, str], frozenset[ObjectKey]]
    named: dict[tuple[ObjectKey, str], frozenset[str]]


def wanted_of(stated: Sequence[Stated]) -> Wanted:
    """The objects and roles that must be read to compare these."""
    tables: set[Name] = set()
    functions: set[Name] = set()
    roles: set[str] = set()
    by_kind = {"table": tables, "view": tables, "function": functions}
    for one in stated:
        if one.key.kind in by_kind:
            by_kind[one.key.kind].add((one.key.schema, one.key.name))
        if isinstance(one.value, tuple):
            roles.update(_roles_in(one))
    rows = wanted_rows(stated)
    return Wanted(
        frozenset(tables),
        frozenset(functions),
        frozenset(roles - {PUBLIC}),
        {query: frozenset(names) for query, names in rows.items()},
        query_kinds(rows),
        tuple(wanted_conditions(stated)),
    )


def _roles_in(stated: Stated) -> Iterator[str]:
    """The roles that an attribute speaks of."""
    for each in stated.value if isinstance(stated.value, tuple) else ():
        if isinstance(each, GrantExpectation):
            yield each.role
        elif stated.attribute == "execute":
            yield str(each)
        elif stated.attribute == "column_grants" and isinstance(each, tuple):
            yield each[0]


def context_of(in_force: Iterable[Stated]) -> Context:
    """What comparing one attribute needs to know of the others."""
    overloads: dict[tuple[str, str], set[ObjectKey]] = {}
    named: dict[tuple[ObjectKey, str], set[str]] = {}
    for one in in_force:
        if one.key.kind == "function":
            overloads.setdefault((one.key.schema, one.key.name), set()).add(one.key)
        elif one.item:
            what = _LISTS.get(one.attribute, "exactly columns")
            named.setdefault((one.key, what), set()).add(one.item)
    return Context(
        {name: frozenset(keys) for name, keys in overloads.items()},
        {slot: frozenset(names) for slot, names in named.items()},
    )


def compare(session: Session, catalog: Catalog, stated: Sequence[Stated], context: Context) -> list[Result]:
    """Every attribute compared; of an object that is not there one result a phase.

    Asks the server once more for spellings that it alone can decide, if there are any.
    """
    speller = Speller(catalog.tables)
    judged: list[Judgement | None] = [None] * len(stated)
    waiting: Sequence[int] = range(len(stated))
    while waiting:
        waiting = _judge_all(waiting, stated, judged, Pass(catalog, context, speller))
        if waiting:
            speller.resolve(session)
            _look_for_types(session, speller)
    return [
        _passed(one) if judgement is PASSED else _result(one, judgement)
        for one, judgement in zip(stated, judged, strict=True)
        if judgement is not None
    ]


def cannot_look(stated: Sequence[Stated], error: ServerError) -> list[Result]:
    """ERROR for everything that was to be compared, where the server does not let this role read its catalog."""
    judgement = Judgement(Outcome.ERROR, message=f"the catalog cannot be read: {error.report.message}")
    return [_result(one, judgement) for one in stated]


@dataclass(slots=True)
class Pass:
    """One round of comparing; each object is looked for once in it, the last one without asking again."""

    catalog: Catalog
    context: Context
    speller: Speller
    found: dict[ObjectKey, tuple[Found, bool]] = field(default_factory=dict)
    told: set[tuple[str, ObjectKey]] = field(default_factory=set)
    last: ObjectKey | None = None
    at_last: tuple[Found, bool] = (PASSED, False)

    def find(self, key: ObjectKey) -> Found:
        """The live object, or why there is none; `speller.unknown` tells whether that is sure."""
        if key is not self.last:
            if key not in self.found:
                self.speller.unknown = False
                self.found[key] = (_find(key, self), self.speller.unknown)
            self.last, self.at_last = key, self.found[key]
        found, self.speller.unknown = self.at_last
        return found

    def judge(self, stated: Stated) -> Judgement | None:
        """What comes of one attribute; None where the object's absence was told already."""
        found = self.find(stated.key)
        if stated.attribute == "absent":
            return judge_absent(stated, found, self.catalog)
        if isinstance(found, Judgement):
            first = (stated.phase, stated.key) not in self.told
            self.told.add((stated.phase, stated.key))
            return found if first else None
        if stated.attribute in MORE:
            names = self.context.named.get((stated.key, stated.attribute), frozenset())
            return judge_row(stated, found, names, self.catalog, self.speller)
        if isinstance(found, Table):
            named = self.context.named if stated.attribute.startswith("exactly") else {}
            names = named.get((stated.key, stated.attribute), frozenset())
            return judge_table(stated, found, names, self.catalog, self.speller)
        if isinstance(found, Function):
            return judge_function(stated, found, self.catalog, self.speller)
        return judge_row(stated, found, (), self.catalog, self.speller)


def _judge_all(
    waiting: Sequence[int], stated: Sequence[Stated], judged: list[Judgement | None], together: Pass
) -> list[int]:
    """Judge those waiting; the positions of those for which a spelling is not known yet."""
    unknown = []
    judge, speller = together.judge, together.speller
    for at in waiting:
        judged[at] = judge(stated[at])
        if speller.unknown:
            unknown.append(at)
    return unknown


def _find(key: ObjectKey, together: Pass) -> Found:
    name, catalog = (key.schema, key.name), together.catalog
    if key.kind == "table":
        return catalog.tables.get(name) or missing_table(name, catalog)
    if key.kind == "view":
        return find_view(name, catalog)
    if key.kind != "function":
        return find_rows(key, catalog)
    siblings = together.context.overloads.get(name, frozenset()) - {key}
    return find_function(key, siblings, catalog, together.speller)


def _look_for_types(session: Session, speller: Speller) -> None:
    """Names like those of types that are not there, in one query for all."""
    missing = {
        type_name(expression.type)
        for expression, spelt in speller.known.items()
        if expression.type and isinstance(spelt, ServerReport) and spelt.sqlstate in UNDEFINED
    }
    if missing and not speller.types:
        speller.types = read_types_nearby(session, missing)


@lru_cache(maxsize=256)
def subject_of(key: ObjectKey) -> str:
    """What a result calls an object: `table crm.leads`, `function f(integer)`."""
    if key.kind == "function":
        return f"{key.kind} {stated_signature(key)}"
    if key.kind in ("table", "view"):
        return f"{key.kind} {shown((key.schema, key.name))}"
    return subject_of_row(key)


def _passed(stated: Stated) -> Result:
    """By far the most, and so with nothing but what they need, in order."""
    phase, key, _, _, _, place = stated
    return Result(Outcome.PASS, Kind.OBJECT, phase, subject_of(key), attribute_name(stated), None, place)


def _result(stated: Stated, judgement: Judgement) -> Result:
    absent = judgement.differences and judgement.differences[0].path == "present"
    return Result(
        judgement.outcome,
        Kind.OBJECT,
        stated.phase,
        subject_of(stated.key),
        attribute="present" if absent else attribute_name(stated),
        place=stated.place,
        message=judgement.message,
        differences=judgement.differences,
        fix=judgement.fix,
    )
