"""Compares a value with a shape: every difference at once, each with its path, what was expected and found."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from nexiom_runner.shape.conditions import facts, holds
from nexiom_runner.shape.json import Json, Number
from nexiom_runner.shape.model import (
    Array,
    Bound,
    Constraint,
    Either,
    Enum,
    Key,
    Length,
    Literal,
    Live,
    Named,
    Object,
    Pattern,
    PendingTrue,
    Range,
    Shape,
    Type,
)
from nexiom_runner.shape.nearest import nearest
from nexiom_runner.shape.parts import Seen
from nexiom_runner.shape.printing import print_count, short
from nexiom_runner.shape.regex import search
from nexiom_runner.shape.tokens import path_of
from nexiom_runner.shape.values import INT, is_date, is_timestamptz, is_uuid, kind_of, shown


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference. `expected` None: the key is not expected; `found` None: the key is missing."""

    path: str
    expected: str | None
    found: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A `true else pending(…)` that was true or false. `key` is its path in the shape, `[*]` for any item."""

    path: str
    key: str
    owner: str
    until: date | None
    done: bool

    def expired(self, today: date) -> bool:
        """Whether it is not done and its last day (UTC, inclusive) is over."""
        return not self.done and self.until is not None and today > self.until


@dataclass(frozen=True, slots=True)
class Match:
    """What came of comparing: differences and, apart from them, every pending value and every part seen."""

    mismatches: tuple[Mismatch, ...]
    pending: tuple[Pending, ...]
    seen: frozenset[Seen] = frozenset()


def match(shape: Shape, value: Json) -> Match:
    """Every difference between the value and the shape, in the shape's order, and every pending value.

    A name that nothing was put in the place of is as `any`.
    """
    walk = _Walk([], [], set())
    walk.value(shape, value, "$", "$")
    return Match(tuple(walk.mismatches), tuple(walk.pending), frozenset(walk.seen))


def pending_keys(shape: Shape, key: str = "$") -> Iterator[tuple[str, PendingTrue]]:
    """Every `true else pending(…)` of a shape with its path, `[*]` for any item and `.*` for any key."""
    match shape:
        case PendingTrue():
            yield key, shape
        case Array(items):
            yield from pending_keys(items, f"{key}[*]")
        case Either(options):
            for option in options:
                yield from pending_keys(option, key)
        case Object(keys, others):
            for each in keys:
                yield from pending_keys(each.shape, path_of(key, each.name))
            if others is not None:
                yield from pending_keys(others, f"{key}.*")


@dataclass(slots=True)
class _Walk:
    """Collects while it walks; `path` is the value's, `key` the shape's."""

    mismatches: list[Mismatch]
    pending: list[Pending]
    seen: set[Seen]

    def value(self, shape: Shape, value: Json, path: str, key: str) -> None:
        match shape:
            case Object():
                self.object(shape, value, path, key)
            case Array():
                self.array(shape, value, path, key)
            case Either():
                self.either(shape, value, path, key)
            case PendingTrue():
                self.pending_value(shape, value, path, key)
            case Named() | Live():
                return
            case _:
                if not _meets(shape, value):
                    self.differ(shape, value, path)

    def differ(self, shape: Shape, value: Json, path: str) -> None:
        self.mismatches.append(Mismatch(path, short(shape), _found(shape, value), _note(shape, value)))

    def pending_value(self, shape: PendingTrue, value: Json, path: str, key: str) -> None:
        if isinstance(value, bool):
            self.pending.append(Pending(path, key, shape.owner, shape.until, value))
        else:
            self.mismatches.append(Mismatch(path, "true or false", shown(value), _note(Type("bool"), value)))

    def array(self, shape: Array, value: Json, path: str, key: str) -> None:
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.differ(shape, value, path)
            return
        if len(value) < shape.least or (shape.most is not None and len(value) > shape.most):
            count = print_count(shape.least, shape.most)
            self.mismatches.append(Mismatch(path, f"a list of {count}", f"a list of {len(value)}"))
        if value:
            self.seen.add((f"{key}[*]", shape.place))
        for index, item in enumerate(value):
            self.value(shape.items, item, f"{path}[{index}]", f"{key}[*]")

    def object(self, shape: Object, value: Json, path: str, key: str) -> None:
        if not isinstance(value, Mapping):
            self.differ(shape, value, path)
            return
        before = len(self.mismatches)
        known = {each.name: each for each in shape.keys}
        unexpected = [name for name in value if name not in known]
        for each in shape.keys:
            if each.name in value:
                if each.optional:
                    self.seen.add((path_of(key, each.name), each.place))
                self.value(each.shape, value[each.name], path_of(path, each.name), path_of(key, each.name))
            elif not each.optional:
                self.mismatches.append(_missing(each, unexpected, path))
        for name in unexpected:
            self.other(shape, name, value[name], path, key)
        for where in shape.where if len(self.mismatches) == before else ():
            if not holds(where.term, value):
                self.mismatches.append(Mismatch(path, where.text, facts(where.term, value)))

    def other(self, shape: Object, name: str, value: Json, path: str, key: str) -> None:
        if shape.others is not None:
            self.seen.add((f"{key}.*", shape.place))
            self.value(shape.others, value, path_of(path, name), f"{key}.*")
        elif not shape.open:
            absent = [each.name for each in shape.keys]
            close = nearest(name, absent) if absent else None
            note = None if close is None else f'the shape has the key "{close}"'
            self.mismatches.append(Mismatch(path_of(path, name), None, shown(value), note))

    def either(self, shape: Either, value: Json, path: str, key: str) -> None:
        if value is not None:
            self.seen.add((key, shape.place))
        tried = [self.tried(option, value, path, key) for option in shape.options]
        for walk in tried:
            if not walk.mismatches:
                self.pending.extend(walk.pending)
                self.seen |= walk.seen
                return
        alike = [walk for option, walk in zip(shape.options, tried, strict=True) if _is_alike(option, value)]
        if not alike:
            note = _note(shape.options[0], value)
            self.mismatches.append(Mismatch(path, short(shape), shown(value), note))
            return
        closest = min(alike, key=lambda walk: len(walk.mismatches))
        self.mismatches.extend(closest.mismatches)
        self.seen |= closest.seen

    def tried(self, shape: Shape, value: Json, path: str, key: str) -> "_Walk":
        walk = _Walk([], [], set())
        walk.value(shape, value, path, key)
        return walk


def _is_alike(shape: Shape, value: Json) -> bool:
    if isinstance(shape, Object):
        return isinstance(value, Mapping)
    return isinstance(shape, Array) and isinstance(value, Sequence) and not isinstance(value, str)


def _missing(key: Key, there: list[str], path: str) -> Mismatch:
    expected = "true or false" if isinstance(key.shape, PendingTrue) else short(key.shape)
    close = nearest(key.name, there)
    note = None if close is None else f'did you mean the key "{close}" that is there?'
    return Mismatch(path_of(path, key.name), expected, None, note)


def _meets(shape: Literal | Type | Enum, value: Json) -> bool:
    match shape:
        case Literal(text):
            return _literal(value) == text
        case Enum(values):
            return isinstance(value, str) and value in values
        case Type(name, constraints):
            return _is_type(name, value) and all(_holds(each, value) for each in constraints)


def _literal(value: Json) -> str | None:
    if isinstance(value, Number):
        return value.text
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return None


def _is_type(name: str, value: Json) -> bool:
    match name:
        case "any":
            return True
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, Number) and INT.match(value.text) is not None
        case "number":
            return isinstance(value, Number)
    if not isinstance(value, str):
        return False
    match name:
        case "uuid":
            return is_uuid(value)
        case "date":
            return is_date(value)
        case "timestamptz":
            return is_timestamptz(value)
    return True


def _holds(constraint: Constraint, value: Json) -> bool:
    if isinstance(value, Number):
        try:
            return _number_holds(constraint, Decimal(value.text))
        except InvalidOperation:
            return False
    if not isinstance(value, str):
        return False
    if isinstance(constraint, Length):
        return constraint.least <= len(value) and (constraint.most is None or len(value) <= constraint.most)
    return isinstance(constraint, Pattern) and search(constraint.regex, value)


def _number_holds(constraint: Constraint, number: Decimal) -> bool:
    match constraint:
        case Range(least, most):
            return Decimal(least) <= number <= Decimal(most)
        case Bound(">=", limit):
            return number >= Decimal(limit)
        case Bound(">", limit):
            return number > Decimal(limit)
        case Bound("<=", limit):
            return number <= Decimal(limit)
        case Bound("<", limit):
            return number < Decimal(limit)
    return False


def _found(shape: Shape, value: Json) -> str:
    if isinstance(value, str) and isinstance(shape, Type) and any(isinstance(c, Length) for c in shape.constraints):
        return f"{shown(value)[:-1]}, {len(value)} characters)"
    return shown(value)


def _note(shape: Shape, value: Json) -> str | None:
    """The likely cause in SQL, where there is one."""
    wanted = shape.name if isinstance(shape, Type) else None
    if value is None:
        return _null_note(shape, wanted)
    if isinstance(value, str):
        return _text_note(shape, wanted, value)
    if wanted == "int" and isinstance(value, Number) and INT.match(value.text) is None:
        return "a numeric keeps its decimals; cast it with ::int inside jsonb_build_object"
    if wanted in ("text", "uuid", "date", "timestamptz") and kind_of(value) in ("number", "bool"):
        return "cast it with ::text inside jsonb_build_object"
    if isinstance(shape, Object) and kind_of(value) == "a list":
        return "jsonb_agg makes a list; jsonb_build_object or to_jsonb(row) an object"
    return None


def _null_note(shape: Shape, wanted: str | None) -> str | None:
    if isinstance(shape, Array):
        return "jsonb_agg over no rows is null: coalesce(jsonb_agg(…), '[]')"
    if wanted in ("int", "number"):
        return "sum, min and max over no rows are null: coalesce(…, 0)"
    if isinstance(shape, Object):
        return "a subquery without a row is null; $or: null where it may be"
    return f"{short(shape)} | null where it may be" if wanted is not None else None


def _text_note(shape: Shape, wanted: str | None, value: str) -> str | None:
    if wanted in ("int", "number") and value in ("NaN", "Infinity", "-Infinity"):
        return "JSON has no such number; to_jsonb writes it as a text"
    if wanted == "int" and INT.match(value):
        return "cast it with ::int inside jsonb_build_object"
    if wanted == "number" and value and value.lstrip("-")[:1].isdigit():
        return "cast it with ::numeric inside jsonb_build_object"
    if wanted == "bool" and value in ("true", "false", "t", "f"):
        return "cast it with ::boolean inside jsonb_build_object"
    if wanted in ("date", "timestamptz") and value.lstrip("-") == "infinity":
        return "an infinite time is no day; text where it may be"
    if wanted == "timestamptz" and is_timestamptz(f"{value}+00:00"):
        return "it has no time zone: the column is a timestamp, not a timestamptz"
    if isinstance(shape, Object | Array) and value[:1] in ("{", "["):
        return "the JSON is inside a text; cast it with ::jsonb"
    return None
