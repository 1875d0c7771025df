"""Words of a call's expectation: who calls, what is there before, what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nexiom_runner.errors import Place
from nexiom_runner.tree import Mapping as Keys
from nexiom_runner.tree import Node, Scalar


@dataclass(frozen=True, slots=True)
class User:
    """Who calls: a role with the claims of its token, by the name that `as:` may say."""

    name: str
    place: Place
    role: str
    claims: Mapping[str, Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a message must be: this text, or one in which the regular expression finds a match."""

    text: str
    place: Place
    is_pattern: bool = False


@dataclass(frozen=True, slots=True)
class Raises:
    """The error that must come of a call; None is not stated."""

    place: Place
    sqlstate: str | None = None
    message: Wording | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """`3`, `1..5`, `1..`: at least and at most so many; `most` None is no end."""

    least: int
    most: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class TableChange:
    """How many rows of one table a call inserts, updates and deletes, by these words; none where one is left out."""

    schema: str
    name: str
    place: Place
    counts: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for a table: of YAML each value is JSON; those of a `file` are text that the server reads, or null."""

    schema: str
    name: str
    place: Place
    rows: tuple[Keys, ...] = ()
    file: Scalar | None = None
