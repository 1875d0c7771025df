"""Shapes made up by hypothesis, and values that meet them."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from nexiom_runner.shape.conditions import parse_condition
from nexiom_runner.shape.json import Number
from nexiom_runner.shape.model import (
    NULL,
    Array,
    Bound,
    Either,
    Enum,
    Key,
    Length,
    Literal,
    Object,
    Pattern,
    PendingTrue,
    Range,
    Shape,
    Type,
    Where,
)

WORDS = st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable() and not text.isspace())
NAMES = st.sampled_from(["id", "routed", "items", "a b", "on", "$x", "k?", "n[1]", "<text>", "é", "a.b", "\\"]) | WORDS
CONSTRAINED: list[Shape] = [
    Type("int"),
    Type("int", (Bound(">=", "0"),)),
    Type("int", (Range("1", "5"),)),
    Type("number", (Bound(">", "-0.5"), Bound("<=", "9"))),
    Type("text"),
    Type("text", (Length(1, 4),)),
    Type("text", (Pattern("^[a-c|]+$"), Length(2, None))),
    Type("bool"),
    Type("any"),
    Type("uuid"),
    Type("date"),
    Type("timestamptz"),
    Literal("true"),
    Literal("3.0"),
    NULL,
]


CONDITIONS = [
    Where(text, parse_condition(text))
    for text in ("a is null or a is not null", 'len(b) = 0 or not (c = "x: #y")', "not a.b < 3 or a.b < 4")
]


@st.composite
def constrained(draw: st.DrawFn) -> Shape:
    return draw(st.sampled_from(CONSTRAINED))


@st.composite
def enums(draw: st.DrawFn) -> Shape:
    return Enum(tuple(draw(st.lists(st.text(max_size=6), min_size=1, max_size=3, unique=True))))


@st.composite
def pending(draw: st.DrawFn) -> Shape:
    until = draw(st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)))
    required = draw(st.lists(st.sampled_from(["production", "staging", "a b", "on"]), max_size=2, unique=True))
    return PendingTrue(draw(WORDS), until, required=tuple(required))


@st.composite
def options(draw: st.DrawFn) -> Shape:
    return Either(tuple(draw(st.lists(constrained() | enums(), min_size=2, max_size=3))))


@st.composite
def objects(draw: st.DrawFn, shapes: st.SearchStrategy[Shape]) -> Shape:
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    keys = tuple(Key(name, draw(shapes), draw(st.booleans())) for name in names)
    others = draw(st.none() | shapes)
    is_open = others is None and draw(st.booleans())
    where = draw(st.lists(st.sampled_from(CONDITIONS), max_size=2)) if others is not None or is_open else []
    return Object(keys, others, is_open, where=tuple(where))


@st.composite
def arrays(draw: st.DrawFn, shapes: st.SearchStrategy[Shape]) -> Shape:
    least, most = draw(st.sampled_from([(0, None), (1, 1), (1, 3), (2, None)]))
    return Array(draw(shapes), least, most)


@st.composite
def compound(draw: st.DrawFn, shapes: st.SearchStrategy[Shape]) -> Shape:
    shape = draw(objects(shapes) | arrays(shapes))
    return Either((shape, NULL)) if draw(st.booleans()) else shape


SHAPES: st.SearchStrategy[Any] = st.recursive(constrained() | enums() | pending() | options(), compound, max_leaves=8)
EXAMPLES = {
    "uuid": "6f1b0f0e-2c1d-4e1f-9a3b-0123456789ab",
    "date": "2026-11-22",
    "timestamptz": "2026-11-22T10:00:00.5+00:00",
    "bool": True,
    "any": {"any": [None]},
}


@st.composite
def values_of(draw: st.DrawFn, shape: Shape) -> Any:
    """A value that meets the shape."""
    match shape:
        case Literal(text):
            return {"true": True, "false": False, "null": None}.get(text, Number(text)) if text != "null" else None
        case Enum(values):
            return draw(st.sampled_from(values))
        case PendingTrue():
            return draw(st.booleans())
        case Either(options):
            return draw(values_of(draw(st.sampled_from(options))))
        case Array(items, least, most):
            return [draw(values_of(items)) for _ in range(draw(st.integers(least, 3 if most is None else most)))]
        case Object(keys, others, is_open):
            made = {key.name: draw(values_of(key.shape)) for key in keys if not key.optional or draw(st.booleans())}
            if others is not None or is_open:
                made.setdefault("extra key", draw(values_of(others)) if others is not None else [None])
            return made
        case Type("int", constraints):
            return Number(str(draw(st.integers(1, 5)) if constraints else draw(st.integers())))
        case Type("number"):
            return Number(draw(st.sampled_from(["0", "0.5", "9", "9.0", "1e-3"])))
        case Type("text", constraints):
            return draw(st.text("abc|", min_size=2, max_size=4) if constraints else st.text())
    assert isinstance(shape, Type)
    return EXAMPLES[shape.name]
