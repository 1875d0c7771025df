"""The keys of `embedded:`, a target of nexiom.yml that is a PostgreSQL of the project's own."""

import re
from dataclasses import dataclass
from typing import Any

from nexiom_runner.errors import Fault
from nexiom_runner.project.keys import (
    Faults,
    Form,
    Key,
    Table,
    choice,
    expected,
    read_flag,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.model import Text
from nexiom_runner.project.stand_in import Grants, StandIn
from nexiom_runner.tree import Mapping, Node, Scalar


@dataclass(frozen=True, slots=True)
class Embedded:
    """What `embedded:` says: whether there is one, its engine (None is nexiom's choice), what it stands in for."""

    there: bool = False
    engine: str | None = None
    stand_in: StandIn | None = None


def read_embedded(node: Node, where: str, faults: Faults) -> Embedded:
    """`true`, `false` or a mapping; where it is wrong, a server all the same."""
    if not isinstance(node, Mapping):
        flag = read_flag(node, where, faults)
        return Embedded(flag is None or flag.value)
    values = read_table(node, EMBEDDED, where, faults)
    engine = values["engine"].value if values["engine"] else None
    if values["platform"] is not None:
        return Embedded(True, engine, _stand_in(values))
    faults.extend(_alone(values[name], f"{where}.{name}", name) for name in _OF_PLATFORM if values[name])
    return Embedded(True, engine)


def _stand_in(values: dict[str, Any]) -> StandIn:
    grants = Grants(values["grants"].value) if values["grants"] else Grants.TODAY
    return StandIn(int(values["postgres"].value) if values["postgres"] else None, grants)


def _alone(text: Text, where: str, name: str) -> Fault:
    hint = f"Write platform: supabase beside it{', or engine: ' + text.value if name == 'postgres' else ''}."
    return Fault(f'key "{where}" is written without "platform"', text.place, width=len(text.value), hint=hint)


def _read_engine(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is not None and not re.fullmatch(r"[0-9]{2}|.*[/\\].*", text.value):
        hint = "Write a major version (16) or the folder of a PostgreSQL's programs (/usr/lib/postgresql/16/bin)."
        faults.append(expected(node, where, "a major version or a folder", hint))
        return None
    return text


def _read_major(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is None or re.fullmatch("[1-9][0-9]", text.value):
        return text
    major = re.match("[1-9][0-9]", node.text) if isinstance(node, Scalar) else None
    faults.append(expected(node, where, "a major version of PostgreSQL", f"Write {major[0]}." if major else None))
    return None


_OF_PLATFORM = ("postgres", "grants")

EMBEDDED = Table(
    (
        Key(
            "engine",
            Form(_read_engine, {"type": ["string", "integer"]}),
            "A major version (16), or the folder of a PostgreSQL's programs.",
        ),
        Key("platform", choice("supabase"), "What it stands in for: roles, schemas, extensions, default grants."),
        Key(
            "postgres",
            Form(_read_major, {"type": ["string", "integer"]}),
            "The platform's major version (17); the nearest engine with the project's extensions is taken.",
        ),
        Key(
            "grants",
            choice(*Grants),
            "What the API roles may with new objects of public: today's, or those that projects had before 2026-10-30.",
        ),
    )
)
EMBEDDED_FORM = Form(read_embedded, {"anyOf": [{"type": "boolean"}, table_schema(EMBEDDED)]})
