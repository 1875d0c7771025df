"""What holds at the newest phase applied: the statement of each attribute and call that was made last."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from nexiom_runner.errors import Place
from nexiom_runner.project.calling import Rows, User
from nexiom_runner.project.model import ArgumentExpectation as Argument
from nexiom_runner.project.model import (
    CallExpectation,
    ColumnExpectation,
    Fixture,
    Flag,
    FunctionExpectation,
    GrantExpectation,
    IndexExpectation,
    ObjectExpectation,
    Phase,
    Project,
    Source,
    TableExpectation,
    Text,
)
from nexiom_runner.project.situation import callers_of, given_before, users_of
from nexiom_runner.shape.model import Shape

Value = (
    str
    | bool
    | None
    | tuple[str, ...]
    | tuple[Argument, ...]
    | tuple[GrantExpectation, ...]
    | tuple[tuple[str, str], ...]
    | IndexExpectation
    | ColumnExpectation
)

# SQL's own other names of types (https://www.postgresql.org/docs/current/datatype.html, table 8.1).
ALIASES = {
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "decimal": "numeric",
    "float": "double precision",
    "float4": "real",
    "float8": "double precision",
    "varchar": "character varying",
    "char": "character",
    "varbit": "bit varying",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
}


Expectation = TableExpectation | FunctionExpectation | ObjectExpectation
UNSEEN = ("condition", "default privileges")  # kinds of which nothing can be missing


class ObjectKey(NamedTuple):
    """What makes two expectations speak of the same object.

    A function stated with arguments is told from its overloads by the types of what a caller passes, as stated
    (white space, case and SQL's aliases apart). Stated without, it is the one function of that name that
    any phase states, if there is exactly one; `types` is None where nobody says.
    """

    kind: str  # "table", "view", "function", "enum" …
    schema: str
    name: str
    types: tuple[str, ...] | None = None


class Stated(NamedTuple):
    """One attribute of one object as the phase that stated it last says it; `item` names a column or an index."""

    phase: str
    key: ObjectKey
    attribute: str
    item: str
    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class CallInForce:
    """A call under the phase that states it last, with the function's result and roles in force."""

    phase: str
    key: ObjectKey
    call: CallExpectation
    arguments: tuple[Argument, ...] | None
    result: Shape | None
    execute: tuple[Text, ...] | None
    callers: tuple[User | None, ...] = (None,)  # None: the owner
    given: tuple[Rows | Source, ...] = ()  # what is there before


def in_force(project: Project, applied: Sequence[str], about: Sequence[str] | None = None) -> tuple[Stated, ...]:
    """Every attribute in force at the phases applied, in their order: each once, where it was stated last.

    Of the objects, and their namesakes, that the phases `about` name, where that is said.
    """
    names = None if about is None else {key[:3] for _, key, _ in objects_stated(project, about)}
    last: dict[ObjectKey, dict[tuple[str, str], Stated]] = {}
    for phase, key, expectation in objects_stated(project, applied):
        if names is not None and key[:3] not in names:
            continue
        if expectation.absent:
            _forget(last, key)
        slots = last.setdefault(key, {})
        last.get(key if key.types is None else key._replace(types=None), {}).pop(("absent", ""), None)
        for stated in _attributes(phase.name, key, expectation):
            slot = (stated.attribute, stated.item)
            if slot in slots:
                del slots[slot]  # what is stated again moves to the end
            slots[slot] = stated
    rank = {phase: number for number, phase in enumerate(applied)}
    return tuple(sorted((one for slots in last.values() for one in slots.values()), key=lambda one: rank[one.phase]))


def calls_in_force(project: Project, applied: Sequence[str]) -> tuple[CallInForce, ...]:
    """Every call in force at the phases applied, in their order; same function and same name is the same call.

    Each case and each cell of a matrix is a call of its own.
    """
    last: dict[tuple[ObjectKey, str], tuple[Phase, CallExpectation]] = {}
    users = users_of(project)
    functions: dict[ObjectKey, FunctionExpectation] = {}
    for phase, key, expectation in objects_stated(project, applied):
        if not isinstance(expectation, FunctionExpectation):
            continue
        if expectation.absent:
            _forget(functions, key)
            for slot in [slot for slot in last if slot[0][:3] == key[:3]]:
                del last[slot]
            continue
        functions[key] = _restated(functions.get(key), expectation)
        for call in expectation.calls:
            last.pop((key, call.name), None)
            last[key, call.name] = (phase, call)
    return tuple(
        _called(phase, key, one, functions[key], users, project.fixtures)
        for (key, _), (phase, call) in last.items()
        for one in call.each or (call,)
    )


def _called(
    phase: Phase,
    key: ObjectKey,
    call: CallExpectation,
    held: FunctionExpectation,
    users: Mapping[str, User],
    fixtures: Mapping[str, Fixture],
) -> CallInForce:
    result = call.result or held.result
    callers = callers_of(call, held.execute, users)
    given = given_before(phase, call, fixtures)
    return CallInForce(phase.name, key, call, held.arguments, result, held.execute, callers, given)


def result_in_force(project: Project, applied: Sequence[str], key: ObjectKey) -> Shape | None:
    """The shape of what a function returns as the phase that stated it last says; None where none does."""
    shape = None
    for _, other, expectation in objects_stated(project, applied):
        if other == key and isinstance(expectation, FunctionExpectation):
            shape = expectation.result or shape
    return shape


def results_in_force(project: Project, applied: Sequence[str]) -> dict[ObjectKey, Shape]:
    """The shape of what each function returns, as the phase that stated it last says."""
    return {
        key: expectation.result
        for _, key, expectation in objects_stated(project, applied)
        if isinstance(expectation, FunctionExpectation) and expectation.result is not None
    }


def object_keys(project: Project, phases: Sequence[str]) -> tuple[tuple[str, ObjectKey, Place], ...]:
    """Each phase's objects with the place that names them, for phases that cannot be looked at yet."""
    return tuple((phase.name, key, stated.place) for phase, key, stated in objects_stated(project, phases))


def objects_stated(project: Project, phases: Sequence[str]) -> Iterator[tuple[Phase, ObjectKey, Expectation]]:
    """What these phases state, object by object, in their order."""
    keyed = _keyed(project)
    for name in phases:
        yield from keyed.get(name, ())


def _forget(held: dict[ObjectKey, Any], key: ObjectKey) -> None:
    """What was said of an object, and of every overload of a function, before it was said to be absent."""
    for other in [other for other in held if other[:3] == key[:3]]:
        del held[other]


def input_types(arguments: Sequence[Argument]) -> tuple[str, ...]:
    """The types of what a caller passes, in one spelling."""
    return tuple(normalised_type(argument.type) for argument in arguments if argument.mode != "out")


@cache
def normalised_type(text: str) -> str:
    """A type in lower case with single spaces and SQL's aliases spelt out; quoted parts stay as they are."""
    parts = re.split(r'("(?:[^"]|"")*")', text.strip())
    folded = "".join(part if part.startswith('"') else re.sub(r"\s+", " ", part.lower()) for part in parts)
    folded = re.sub(r"\s*([(),\[\]])\s*", r"\1", folded).removeprefix("pg_catalog.")
    name = re.match(r"[a-z_0-9]+", folded)
    if name is None or folded[name.end() :].startswith((" ", ".")):
        return folded
    return ALIASES.get(name[0], name[0]) + folded[name.end() :]


@lru_cache(maxsize=2)
def _keyed(project: Project) -> dict[str, list[tuple[Phase, ObjectKey, Expectation]]]:
    """Each phase's expectations with their keys: once a project, since a build asks behind every phase."""
    signatures = _signatures(project)
    keyed: dict[str, list[tuple[Phase, ObjectKey, Expectation]]] = {}
    for phase in project.phases:
        stated = keyed.setdefault(phase.name, [])
        stated += [(phase, ObjectKey(table.kind, table.schema, table.name), table) for table in phase.tables]
        stated += [(phase, ObjectKey(one.kind, one.schema, one.name), one) for one in phase.objects]
        for function in phase.functions:
            known = signatures.get((function.schema, function.name), ())
            stated.append((phase, _function_key(function, known), function))
    return keyed


def _function_key(function: FunctionExpectation, known: Sequence[tuple[str, ...]]) -> ObjectKey:
    types: tuple[str, ...] | None = None
    if function.arguments is not None:
        types = input_types(function.arguments)
    elif len(known) == 1 and not function.absent:
        types = known[0]
    return ObjectKey("function", function.schema, function.name, types)


def _signatures(project: Project) -> dict[tuple[str, str], tuple[tuple[str, ...], ...]]:
    """The different argument types stated anywhere for each name."""
    found: dict[tuple[str, str], dict[tuple[str, ...], None]] = {}
    for phase in project.phases:
        for function in phase.functions:
            if function.arguments is not None:
                found.setdefault((function.schema, function.name), {})[input_types(function.arguments)] = None
    return {name: tuple(types) for name, types in found.items()}


def _restated(held: FunctionExpectation | None, stated: FunctionExpectation) -> FunctionExpectation:
    """The expectation with what the earlier ones say of arguments, result and execute where it is silent."""
    if held is None:
        return stated
    return FunctionExpectation(
        stated.schema,
        stated.name,
        stated.place,
        arguments=held.arguments if stated.arguments is None else stated.arguments,
        execute=held.execute if stated.execute is None else stated.execute,
        result=stated.result or held.result,
    )


def _attributes(phase: str, key: ObjectKey, expectation: Expectation) -> list[Stated]:
    if expectation.absent:
        return [Stated(phase, key, "absent", "", None, expectation.place)]
    stated = [] if key.kind in UNSEEN else [Stated(phase, key, "present", "", None, expectation.place)]
    if not isinstance(expectation, ObjectExpectation):
        rows = _of_table(expectation) if isinstance(expectation, TableExpectation) else _of_function(expectation)
        stated += [Stated(phase, key, *row) for row in rows]
    stated += [Stated(phase, key, said.attribute, said.item, said.value, said.place) for said in expectation.said]
    return stated


Row = tuple[str, str, Value, Place]


def _of_table(table: TableExpectation) -> Iterator[Row]:
    if table.row_security is not None:
        yield "row_security", "", table.row_security.value, table.row_security.place
    for column in table.columns:
        yield from _of_column(column)
    for index in table.indexes:
        yield "index", index.name, index, index.place
    for what in ("columns", "indexes", "constraints", "triggers", "policies"):
        if what in table.exactly:
            yield f"exactly {what}", "", None, table.place
    if table.grants is not None:
        yield "grants", "", table.grants, table.grants_place or table.place


def _of_column(column: ColumnExpectation) -> Iterator[Row]:
    yield "type", column.name, column.type, column.place
    if column.not_null is not None:
        yield "nullability", column.name, column.not_null, column.place
    if column.default is not None:
        yield "default", column.name, column.default, column.place
    if column.collation is not None:
        yield "collation", column.name, column.collation, column.place
    if column.generated is not None:  # in place of a default that an earlier phase may have stated
        yield "default", column.name, f"generated {column.generated}", column.place


def _of_function(function: FunctionExpectation) -> Iterator[Row]:
    if function.arguments is not None:
        yield "arguments", "", function.arguments, function.arguments_place or function.place
    for attribute in ("returns", "language", "volatility", "security", "strict", "search_path"):
        stated: Text | Flag | None = getattr(function, attribute)
        if stated is not None:
            yield attribute, "", stated.value, stated.place
    if function.execute is not None:
        roles = tuple(role.value for role in function.execute)
        yield "execute", "", roles, function.execute_place or function.place
