"""The shape of a JSON value as frozen data; places say where a part was written and never count in `==`."""

from dataclasses import dataclass, field
from datetime import date

from nexiom_runner.errors import Place
from nexiom_runner.shape.conditions import Term

NOWHERE = Place("", 1, 1)  # of shapes that no file states, such as inferred ones
TYPES = ("int", "number", "text", "bool", "any", "uuid", "date", "timestamptz")
NUMERIC = frozenset({"int", "number"})


@dataclass(frozen=True, slots=True)
class Literal:
    """Exactly this value: `text` is its JSON text (`true`, `3`, `3.0`, `null`)."""

    text: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Bound:
    """`>= 0`: a number compared with `limit`; `operator` is `>=`, `>`, `<=` or `<`."""

    operator: str
    limit: str


@dataclass(frozen=True, slots=True)
class Range:
    """`0..1`: a number at least `least` and at most `most`."""

    least: str
    most: str


@dataclass(frozen=True, slots=True)
class Length:
    """`len 1..64`: a text of so many characters; `most` None is no end."""

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """`~ ^[a-z]+$`: a text in which the regular expression finds a match."""

    regex: str


Constraint = Bound | Range | Length | Pattern


@dataclass(frozen=True, slots=True)
class Type:
    """A value of one of TYPES that meets every constraint."""

    name: str
    constraints: tuple[Constraint, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Enum:
    """`in(draft queued sent)`: one of these texts."""

    values: tuple[str, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PendingTrue:
    """`true else pending(owner=…)`: true, or false while `owner` has it to do, at latest on `until` (UTC).

    On the targets of `required` it is true.
    """

    owner: str
    until: date | None = None
    place: Place = field(default=NOWHERE, compare=False)
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Array:
    """A list whose items all have one shape; `most` None is no end."""

    items: "Shape"
    least: int = 0
    most: int | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """`$overview`: the shape that nexiom.yml calls so; stands only until the project is read."""

    name: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Live:
    """`enum public.status`, `domain email`: what the database says of this type when the value is compared."""

    kind: str  # enum or domain
    schema: str
    name: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Where:
    """A condition over the keys of one object, as it is written and as it is understood."""

    text: str
    term: Term = field(compare=False)
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an object; an `optional` one may be absent, which is not the same as null."""

    name: str
    shape: "Shape"
    optional: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Object:
    """These keys and no others, unless `others` (`<text>: T`) or `open` (`$open: true`) allows them."""

    keys: tuple[Key, ...]
    others: "Shape | None" = None
    open: bool = False
    place: Place = field(default=NOWHERE, compare=False)
    where: tuple[Where, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """`A | B`: a value of any of the options."""

    options: "tuple[Shape, ...]"
    place: Place = field(default=NOWHERE, compare=False)


Shape = Literal | Type | Enum | PendingTrue | Array | Object | Either | Named | Live

ANYTHING = Type("any")
NULL = Literal("null")
