"""A platform that an embedded server stands in for: what nexiom.yml says of it, and the extensions phases name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nexiom_runner.errors import Place

_CREATES = re.compile(r'\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?("[^"]+"|[a-z_][\w$]*)', re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_IN_STEPS = re.compile(r"[^\n]")


class Grants(StrEnum):
    """What the API roles may with a new table of public."""

    TODAY = "today"
    BEFORE = "before-2026-10-30"


@dataclass(frozen=True, slots=True)
class StandIn:
    """`{platform: supabase, postgres: 17}`. `postgres` is the platform's major version, None where nothing is said."""

    postgres: int | None = None
    grants: Grants = Grants.TODAY


@dataclass(frozen=True, slots=True)
class NamedExtension:
    """An extension that a phase creates, and where it says so."""

    name: str
    place: Place
    source: str  # the line of the place


def named_extensions(root: Path) -> tuple[NamedExtension, ...]:
    """What `create extension` says in the SQL of the phases, the first place of each; comments are not read.

    It is the text as it lies there: a name that a template makes is not found.
    """
    found: dict[str, NamedExtension] = {}
    for path in sorted((root / "phases").glob("*/**/*.sql")):
        for one in _named_in(path.read_text(encoding="utf-8", errors="replace"), path.relative_to(root).as_posix()):
            found.setdefault(one.name, one)
    return tuple(found.values())


def _named_in(text: str, path: str) -> Iterator[NamedExtension]:
    if "extension" not in text.lower():
        return
    bare = _COMMENT.sub(lambda comment: _IN_STEPS.sub(" ", comment[0]), text)
    lines = text.split("\n")
    for match in _CREATES.finditer(bare):
        line = bare.count("\n", 0, match.start(1)) + 1
        column = match.start(1) - (bare.rfind("\n", 0, match.start(1)) + 1) + 1
        name = match[1]
        yield NamedExtension(name[1:-1] if name[0] == '"' else name.lower(), Place(path, line, column), lines[line - 1])
