"""SQL that lives in .sql files beside the stage that uses it, one statement a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Literal:
    """A value to be written into a composed statement as a quoted literal."""

    value: str | int


Part = str | tuple[str, ...] | Literal


@dataclass(frozen=True, slots=True)
class Query:
    """A statement: its file's text (`%(name)s` is a parameter, `%%` a percent sign) and what to put at `{name}`."""

    text: str
    name: str = ""
    parts: Mapping[str, Part] = field(default_factory=lambda: MappingProxyType({}))

    def compose(self, **parts: Part) -> "Query":
        """The query with each `{name}` filled: a str or a tuple (schema, object) is an identifier, a Literal a value.

        Quoting is psycopg's and happens when it is sent. A composed file writes other braces doubled.
        """
        return Query(self.text, self.name, MappingProxyType({**self.parts, **parts}))


@cache
def load(module_file: str, name: str) -> Query:
    """The query in `sql/<name>` beside the module; read once. Its first line is a comment saying what comes back."""
    path = Path(module_file).parent / "sql" / name
    return Query(path.read_text(encoding="utf-8"), path.name)
