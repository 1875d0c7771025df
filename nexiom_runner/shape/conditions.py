"""`$where`: a condition over the keys of one object, read once and decided here; no SQL, no code of anybody's.

sent + failed = total and (status = "open" or closed_at is not null)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from nexiom_runner.shape.json import Json, Number
from nexiom_runner.shape.tokens import path_of
from nexiom_runner.shape.values import kind_of, shown

DEEPEST = 30
COMPARISONS = ("<=", ">=", "!=", "=", "<", ">")
WORDS = ("and", "or", "not", "is", "null", "true", "false", "len")
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<text>"[^"]*")|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"""
    r"""|(?P<mark><=|>=|!=|=|<|>|\+|-|\(|\)|\.)"""
)


class NotUnderstood(ValueError):
    """A text is no condition; `offset` is where it stops being one."""

    def __init__(self, expected: str, offset: int) -> None:
        super().__init__(expected)
        self.expected, self.offset = expected, offset


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, true, false or null."""

    value: Json


@dataclass(frozen=True, slots=True)
class Path:
    """The value under `a.b`; null where there is no such key."""

    names: tuple[str, ...]
    length: bool = False  # len(a.b): how many items, keys or characters


@dataclass(frozen=True, slots=True)
class Operation:
    """`and`, `or`, `not`, a comparison, `+`, `-`, `is null`."""

    name: str
    parts: "tuple[Term, ...]"


Term = Constant | Path | Operation


def parse_condition(text: str) -> Term:
    """What a condition says. Raises NotUnderstood."""
    reader = _Reader(text, list(_tokens(text)))
    term = reader.either(0)
    reader.at_end()
    return term


def holds(term: Term, value: Mapping[str, Json]) -> bool:
    """Whether an object meets a condition.

    What cannot be compared, a number with a text or anything but null with null, is neither equal nor less nor more.
    """
    return _decide(term, value)


def facts(term: Term, value: Mapping[str, Json]) -> str:
    """The values a condition is about: `sent 5, total 3`."""
    return ", ".join(f"{_written(path)} {_short(_value(path, value))}" for path in dict.fromkeys(paths(term)))


def paths(term: Term) -> Iterator[Path]:
    """The keys a condition is about."""
    if isinstance(term, Path):
        yield term
    elif isinstance(term, Operation):
        for part in term.parts:
            yield from paths(part)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise NotUnderstood("a key, a value or an operator", at)
        if found.lastgroup != "space":
            yield found.lastgroup or "", found[0], at
        at = found.end()
    yield "end", "", len(text)


@dataclass(slots=True)
class _Reader:
    """Reads from left to right; `or` binds less than `and`, that less than `not`, that less than a comparison."""

    text: str
    tokens: list[tuple[str, str, int]]
    at: int = 0

    def either(self, depth: int) -> Term:
        if depth > DEEPEST:
            raise NotUnderstood(f"no more than {DEEPEST} levels", self.tokens[self.at][2])
        parts = [self.both(depth)]
        while self.takes("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Operation("or", tuple(parts))

    def both(self, depth: int) -> Term:
        parts = [self.negated(depth)]
        while self.takes("and"):
            parts.append(self.negated(depth))
        return parts[0] if len(parts) == 1 else Operation("and", tuple(parts))

    def negated(self, depth: int) -> Term:
        if self.takes("not"):
            return Operation("not", (self.negated(depth + 1),)) if depth < DEEPEST else self.either(depth + 1)
        if self.is_bracket():
            self.at += 1
            term = self.either(depth + 1)
            self.needs(")")
            return term
        return self.compared()

    def compared(self) -> Term:
        left = self.total()
        if self.takes("is"):
            negated = self.takes("not")
            self.needs("null")
            found = Operation("is null", (left,))
            return Operation("not", (found,)) if negated else found
        for mark in COMPARISONS:
            if self.takes(mark):
                return Operation(mark, (left, self.total()))
        raise NotUnderstood("a comparison: =, !=, <, <=, >, >=, is null", self.tokens[self.at][2])

    def total(self) -> Term:
        term = self.single()
        while (mark := self.tokens[self.at][1]) in ("+", "-"):
            self.at += 1
            term = Operation(mark, (term, self.single()))
        return term

    def single(self) -> Term:
        kind, text, offset = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Constant(Number(text))
        if text == "-" and self.tokens[self.at][0] == "number":
            self.at += 1
            return Constant(Number(f"-{self.tokens[self.at - 1][1]}"))
        if kind == "text":
            return Constant(text[1:-1])
        if text in ("true", "false", "null"):
            return Constant(None if text == "null" else text == "true")
        if text == "len" and self.takes("("):
            path = self.path()
            self.needs(")")
            return Path(path, length=True)
        if kind == "word" and text not in WORDS:
            self.at -= 1
            return Path(self.path())
        raise NotUnderstood("a key, a number, a text in quotes, true, false or null", offset)

    def path(self) -> tuple[str, ...]:
        names = [self.name()]
        while self.takes("."):
            names.append(self.name())
        return tuple(names)

    def name(self) -> str:
        kind, text, offset = self.tokens[self.at]
        if kind != "word":
            raise NotUnderstood("a key", offset)
        self.at += 1
        return text

    def is_bracket(self) -> bool:
        return self.tokens[self.at][1] == "("

    def takes(self, word: str) -> bool:
        kind, text, _ = self.tokens[self.at]
        found = text == word and kind != "text"
        self.at += found
        return found

    def needs(self, word: str) -> None:
        if not self.takes(word):
            raise NotUnderstood(f'"{word}"', self.tokens[self.at][2])

    def at_end(self) -> None:
        if self.tokens[self.at][0] != "end":
            raise NotUnderstood('"and", "or" or the end', self.tokens[self.at][2])


def _decide(term: Term, value: Mapping[str, Json]) -> bool:
    assert isinstance(term, Operation)
    parts = term.parts
    match term.name:
        case "and":
            return all(_decide(part, value) for part in parts)
        case "or":
            return any(_decide(part, value) for part in parts)
        case "not":
            return not _decide(parts[0], value)
        case "is null":
            return _value(parts[0], value) is None
    try:
        left, right = (_comparable(_value(part, value)) for part in parts)
    except (TypeError, InvalidOperation):
        return term.name == "!="
    match term.name:
        case "=":
            return type(left) is type(right) and left == right
        case "!=":
            return not (type(left) is type(right) and left == right)
    if not (isinstance(left, Decimal) and isinstance(right, Decimal)) and not (
        isinstance(left, str) and isinstance(right, str)
    ):
        return False
    return _in_order(term.name, left, right)


def _in_order(mark: str, left: Decimal | str, right: Decimal | str) -> bool:
    low, high = (left, right) if mark in ("<", "<=") else (right, left)
    if low == high:
        return mark in ("<=", ">=")
    return low < high  # type: ignore[operator]  # both are numbers, or both are texts


def _value(term: Term, value: Mapping[str, Json]) -> Json:
    match term:
        case Constant(constant):
            return constant
        case Path(names, length):
            found = _under(value, names)
            return _length(found) if length else found
        case Operation(mark, (left, right)):
            one, other = (_comparable(_value(part, value)) for part in (left, right))
            if not isinstance(one, Decimal) or not isinstance(other, Decimal):
                raise TypeError
            return Number(str(one + other if mark == "+" else one - other))
    raise TypeError


def _under(value: Json, names: Sequence[str]) -> Json:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _length(value: Json) -> Json:
    return Number(str(len(value))) if isinstance(value, str | Sequence | Mapping) else None


def _comparable(value: Json) -> object:
    """Numbers by what they are worth: 3 and 3.0 are one number to a condition."""
    return Decimal(value.text) if isinstance(value, Number) else value


def _written(path: Path) -> str:
    text = ""
    for name in path.names:
        text = path_of(text, name) if text else name
    return f"len({text})" if path.length else text


def _short(value: Json) -> str:
    return value.text if isinstance(value, Number) else shown(value).removesuffix(f" ({kind_of(value)})")
