"""A shape written as a text: `int >= 0 | null`, `in(draft queued sent)`, `true else pending(owner=…)`."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nexiom_runner.errors import Fault, Place
from nexiom_runner.shape import regex
from nexiom_runner.shape.model import (
    ANYTHING,
    NUMERIC,
    TYPES,
    Bound,
    Constraint,
    Either,
    Enum,
    Length,
    Literal,
    Live,
    Named,
    Pattern,
    PendingTrue,
    Range,
    Shape,
    Type,
)
from nexiom_runner.shape.nearest import nearest
from nexiom_runner.shape.tokens import Token, place_in, read_tokens, shown_text
from nexiom_runner.tree import Scalar

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
NUMBER_RANGE = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\.\.(-?[0-9]+(?:\.[0-9]+)?)\Z")
COUNT = re.compile(r"([0-9]{1,9})(\.\.([0-9]{1,9})?)?\Z")
CONSTANTS = ("true", "false", "null")
LIVE = ("enum", "domain")
SHAPE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WORDS = (*TYPES, "in", *CONSTANTS)
ALSO_KNOWN = {
    "integer": "int",
    "bigint": "int",
    "smallint": "int",
    "numeric": "number",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "string": "text",
    "varchar": "text",
    "str": "text",
    "boolean": "bool",
    "timestamp": "timestamptz",
    "datetime": "timestamptz",
    "enum": "in",
    "json": "any",
    "jsonb": "any",
    "none": "null",
}


def parse_text(scalar: Scalar, faults: list[Fault]) -> Shape:
    """The shape a scalar writes; `any` where a fault was found."""
    if _is_quoted_constant(scalar):
        faults.append(_quoted_constant(scalar))
        return ANYTHING
    if not scalar.text.strip():
        hint = "Write null for the value null."
        faults.append(Fault("expected a shape, found nothing", scalar.place, hint=hint))
        return ANYTHING
    found = len(faults)
    tokens = read_tokens(scalar, faults)
    if len(faults) > found:
        return ANYTHING
    options = tuple(_Reader(scalar, part, faults).option() for part in _parts(tokens))
    if len(options) > 1:
        _refuse_pending(options, faults)
        return Either(options, scalar.place)
    return options[0]


def parse_count(text: str) -> tuple[int, int | None] | None:
    """`1..50`, `1..`, `3` as least and most; None where the text is none of these or runs backwards."""
    match = COUNT.match(text.strip())
    if match is None:
        return None
    least = int(match[1])
    if match[2] is None:
        return least, least
    if match[3] is None:
        return least, None
    return (least, int(match[3])) if int(match[3]) >= least else None


def _is_quoted_constant(scalar: Scalar) -> bool:
    text = scalar.text.strip()
    return not scalar.plain and (text in CONSTANTS or NUMBER.match(text) is not None)


def _quoted_constant(scalar: Scalar) -> Fault:
    text = scalar.text.strip()
    return Fault(
        f"expected a shape, found {text} in quotes",
        scalar.place,
        width=len(scalar.text) + 2,
        hint=f'Write {text} without quotes for the value, or in("{text}") for the text.',
    )


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    for token in tokens:
        if token.kind == "bar":
            yield [*part, Token("end", "|", "", token.offset)]
            part = []
        else:
            part.append(token)
    yield part


def _refuse_pending(options: tuple[Shape, ...], faults: list[Fault]) -> None:
    for option in options:
        if isinstance(option, PendingTrue):
            faults.append(
                Fault(
                    "expected pending to stand alone, found it beside another shape",
                    option.place,
                    width=4,
                    detail="A pending key is true or false; a missing or null one fails.",
                )
            )


def _type_hint(text: str, whole: str) -> str | None:
    """`whole` is the shape's text where it is nothing but words: an example copied as it stands, perhaps."""
    if text.startswith("["):
        return "A list without items is key[0]: any; of 1 to 50 items it is key[1..50]: T."
    close = nearest(text, WORDS) or nearest(text, ALSO_KNOWN)
    if text.lower() in ALSO_KNOWN or close is not None:
        known = text.lower() if text.lower() in ALSO_KNOWN else close or ""
        return f'Did you mean "{ALSO_KNOWN.get(known, known)}"?'
    if " " in whole:
        return f"Write in({json.dumps(whole, ensure_ascii=False)}) for exactly this text."
    return f"The types are {', '.join(TYPES)} and in(…)."


def _constraint_hint(token: Token, name: str) -> str | None:
    if token.kind == "word" and token.text in WORDS:
        return f"Options are separated by a bar: {name} | {token.text}."
    if name in NUMERIC:
        return "The constraints of a number are >= 0, > 0, <= 5, < 5 and 0..1."
    return "The constraints of a text are len 1..64 and ~ regex." if name == "text" else None


def _an(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _leftover_hint(shape: Shape) -> str | None:
    if isinstance(shape, Literal) and shape.text == "true":
        return "Pending work is written true else pending(owner=infrastructure)."
    return "Options are separated by a bar: A | B."


class _Refused(Exception):
    """The option cannot be read on; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


@dataclass(slots=True)
class _Reader:
    """Reads one option from left to right; after the first fault the rest of it is passed over."""

    scalar: Scalar
    tokens: list[Token]
    faults: list[Fault]
    at: int = 0

    def option(self) -> Shape:
        try:
            shape = self._option()
            if self._peek().kind != "end":
                raise self._refused(self._peek(), "the end of the shape", _leftover_hint(shape))
        except _Refused as refused:
            self.faults.append(refused.fault)
            return ANYTHING
        return shape

    def _option(self) -> Shape:
        token = self._next()
        place = place_in(self.scalar, token.offset)
        if token.kind == "word" and (token.text in CONSTANTS or NUMBER.match(token.text)):
            if token.text == "true" and self._peek().text == "else":
                return self._pending(token)
            return Literal(token.text, place)
        if token.kind == "word" and token.text == "in":
            return Enum(self._enum_values(), place)
        if token.kind == "word" and token.text.startswith("$"):
            return self._named(token, place)
        if token.kind == "word" and token.text in LIVE and self._peek().kind in ("word", "string"):
            return self._live(token, place)
        if token.kind == "word" and token.text in TYPES:
            return Type(token.text, tuple(self._constraints(token.text)), place)
        if token.kind == "string":
            raise self._refused(token, "a type", f"Write in({token.text}) for exactly this text.")
        words = all(each.kind in ("word", "end") for each in self.tokens) and "|" not in self.scalar.text
        raise self._refused(token, "a type", _type_hint(token.text, self.scalar.text.strip() if words else ""))

    def _named(self, token: Token, place: Place) -> Named:
        if not SHAPE_NAME.fullmatch(token.text[1:]):
            raise self._refused(token, "the name of a shape behind $", "Write it like $overview.")
        return Named(token.text[1:], place)

    def _live(self, token: Token, place: Place) -> Live:
        name = self._next()
        schema, dot, rest = name.value.rpartition(".")
        if not rest or (dot and not schema):
            raise self._refused(name, f"the name of {_an(token.text)}", f"Write it like {token.text} public.status.")
        return Live(token.text, schema or "public", rest, place)

    def _constraints(self, name: str) -> Iterator[Constraint]:
        seen: set[str] = set()
        while self._peek().kind != "end":
            token = self._peek()
            constraint = self._constraint(name)
            kind = constraint.operator[0] if isinstance(constraint, Bound) else type(constraint).__name__
            if kind in seen:
                raise self._refused(token, "each constraint once")
            seen.add(kind)
            yield constraint

    def _constraint(self, name: str) -> Constraint:
        token = self._next()
        if token.kind == "operator" and token.text != "=":
            self._needs(token, name, NUMERIC)
            return Bound(token.text, self._number())
        if token.kind == "word" and token.text == "len":
            self._needs(token, name, {"text"})
            return self._length()
        if token.kind == "pattern":
            self._needs(token, name, {"text"})
            return self._pattern(token)
        if token.kind == "word" and ".." in token.text:
            self._needs(token, name, NUMERIC)
            return self._range(token)
        raise self._refused(token, f'a constraint after "{name}"', _constraint_hint(token, name))

    def _needs(self, token: Token, name: str, wanted: "frozenset[str] | set[str]") -> None:
        if name not in wanted:
            said = " or ".join(f'"{each}"' for each in sorted(wanted))
            raise self._refused(token, f'no constraint of this kind after "{name}"', f"It goes with {said}.")

    def _number(self) -> str:
        token = self._next()
        if token.kind != "word" or not NUMBER.match(token.text):
            raise self._refused(token, "a number")
        return token.text

    def _range(self, token: Token) -> Range:
        match = NUMBER_RANGE.match(token.text)
        if match is None or not (NUMBER.match(match[1]) and NUMBER.match(match[2])):
            hint = "Write it like 0..1; one end alone is >= 0 or <= 1."
            raise self._refused(token, "a range of two numbers", hint)
        if float(match[1]) > float(match[2]):
            hint = f"Did you mean {match[2]}..{match[1]}?"
            raise self._refused(token, "a range from the lower to the higher number", hint)
        return Range(match[1], match[2])

    def _length(self) -> Length:
        token = self._next()
        count = parse_count(token.text) if token.kind == "word" else None
        if count is None:
            raise self._refused(token, "a length", "Write it like len 1..64, len 1.. or len 36.")
        return Length(*count)

    def _pattern(self, token: Token) -> Pattern:
        refusal = regex.refusal(token.value)
        if refusal is not None:
            offset = token.offset + len(token.text) - len(token.value) + refusal.offset
            message = f"the regular expression {refusal.message}"
            raise _Refused(Fault(message, place_in(self.scalar, offset), hint=refusal.hint))
        return Pattern(token.value)

    def _enum_values(self) -> tuple[str, ...]:
        self._expect("open", '"(" after "in"', "Write in(draft queued sent).")
        values: list[str] = []
        while self._peek().kind in ("word", "string"):
            token = self._next()
            self._check_enum_value(token, values)
            values.append(token.value)
        hint = "Values are separated by spaces; one that holds anything else is written in double quotes."
        if not values:
            raise self._refused(self._peek(), "a text", hint)
        self._expect("close", '")" or a text', hint)
        return tuple(values)

    def _check_enum_value(self, token: Token, values: list[str]) -> None:
        if token.kind == "word" and (token.text in CONSTANTS or NUMBER.match(token.text)):
            hint = f'Write "{token.text}" for the text, or a bar between other values: {token.text} | …'
            raise self._refused(token, "a text", hint)
        if token.kind == "word" and token.text[0] == "'":
            hint = 'A text with a space or a quote is written in double quotes: in("from the test").'
            raise self._refused(token, "a text", hint)
        if token.value in values:
            raise self._refused(token, "each text once")

    def _pending(self, first: Token) -> PendingTrue:
        hint = "Write true else pending(owner=infrastructure) or pending(owner=web until=2027-06-30)."
        self._next()
        token = self._next()
        if token.text != "pending":
            raise self._refused(token, '"pending" after "else"', hint)
        self._expect("open", '"(" after "pending"', hint)
        stated = self._pending_fields(hint)
        self._expect("close", '")"', hint)
        if "owner" not in stated:
            raise self._refused(self.tokens[self.at - 1], '"owner=" inside pending()', hint)
        until = self._day(stated["until"]) if "until" in stated else None
        place = place_in(self.scalar, first.offset)
        return PendingTrue(stated["owner"].value, until, place, self._required())

    def _required(self) -> tuple[str, ...]:
        """`required in production`, `required in(production staging)`: targets on which nothing is pending."""
        if self._peek().text != "required":
            return ()
        hint = "Write required in production, or required in(production staging)."
        self._next()
        if self._peek().text != "in":
            raise self._refused(self._peek(), '"in" after "required"', hint)
        self._next()
        if self._peek().kind == "word":
            return (self._next().value,)
        self._expect("open", "a target", hint)
        targets = []
        while self._peek().kind in ("word", "string"):
            targets.append(self._next().value)
        self._expect("close", '")" or a target', hint)
        if not targets:
            raise self._refused(self.tokens[self.at - 1], "a target", hint)
        return tuple(targets)

    def _pending_fields(self, hint: str) -> dict[str, Token]:
        stated: dict[str, Token] = {}
        while self._peek().kind not in ("close", "end"):
            name = self._next()
            if name.kind == "comma" and stated:
                continue
            if name.text in stated:
                raise self._refused(name, f'"{name.text}=" once', hint)
            if name.text not in ("owner", "until"):
                close = nearest(name.text, ("owner", "until"))
                meant = f'Did you mean "{close}"?' if close else hint
                raise self._refused(name, '"owner=" or "until="', meant)
            self._expect("operator", f'"=" after "{name.text}"', hint)
            value = self._next()
            if value.kind not in ("word", "string") or not value.value.strip():
                raise self._refused(value, f'a value after "{name.text}="', hint)
            stated[name.text] = value
        return stated

    def _day(self, token: Token) -> date:
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", token.value, re.ASCII):
                return date.fromisoformat(token.value)
        except ValueError:
            pass
        raise self._refused(token, "a day", "Write it like until=2027-06-30.")

    def _expect(self, kind: str, said: str, hint: str) -> None:
        token = self._next()
        if token.kind != kind or token.text in (">=", "<=", ">", "<"):
            raise self._refused(token, said, hint)

    def _peek(self) -> Token:
        return self.tokens[self.at]

    def _next(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def _refused(self, token: Token, expected: str, hint: str | None = None) -> _Refused:
        found = f'"{shown_text(token.text.strip(chr(34)))}"' if token.text else "nothing"
        place, width = place_in(self.scalar, token.offset), max(1, len(token.text))
        return _Refused(Fault(f"expected {expected}, found {found}", place, width=width, hint=hint))
