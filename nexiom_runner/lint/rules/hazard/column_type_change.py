"""A column whose type changes so that every row is written anew."""

import re
from collections.abc import Iterator

from nexiom_runner.catalog.names import quoted
from nexiom_runner.lint.alters import REWRITTEN, altered, type_modifiers, type_name
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import Node

# The server's spelling of a type → what a parse tree calls it.
_TREE = {
    "character varying": "varchar",
    "integer": "int4",
    "bigint": "int8",
    "smallint": "int2",
    "boolean": "bool",
    "real": "float4",
    "double precision": "float8",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "character": "bpchar",
    "bit varying": "varbit",
    "time without time zone": "time",
    "time with time zone": "timetz",
}
_WIDENS = frozenset({"varchar", "varbit", "numeric", "timestamp", "timestamptz", "time", "timetz", "interval"})


def find(move: Move) -> Iterator[Found]:
    """`alter column … type` to one that is stored otherwise, on a table that is there and not small."""
    table, commands = altered(move)
    for command in commands:
        facts = move.there(table)
        if command.get("subtype") != "AT_AlterColumnType" or table is None or facts is None or facts.small:
            continue
        column, definition = command["name"], command["def"]["ColumnDef"]
        old = facts.columns.get(column)
        if old is None or _stays(old, definition):
            continue
        message = f"takes ACCESS EXCLUSIVE on {move.told(table)} and {REWRITTEN}, since {quoted(column)} is {old}"
        fix = "add a column of the new type, fill it in batches, let both be written, then change over"
        yield move.found("column-type-change", table, message, fix)


def _stays(old: str, definition: Node) -> bool:
    """Whether what is stored is already what the new type stores, so that no row is written."""
    new = definition.get("typeName") or {}
    if new.get("arrayBounds") or old.endswith("[]"):
        return False
    before, had = _spelt(old)
    after, wants = type_name(new), type_modifiers(new)
    if definition.get("raw_default") and not _plain_cast(definition["raw_default"], definition):
        return False
    if (before, after) in (("varchar", "text"), ("text", "varchar")) and not wants:
        return True
    if {before, after} == {"timestamp", "timestamptz"}:  # scripts run in UTC, in which the two are stored alike
        return had == wants or not wants
    return before == after and (had == wants or (before in _WIDENS and _wider(before, had, wants)))


def _wider(kind: str, had: tuple[int, ...], wants: tuple[int, ...]) -> bool:
    if not wants:
        return True
    if not had:
        return False
    if kind == "numeric":
        return wants[0] >= had[0] and (*wants, 0)[1] == (*had, 0)[1]
    return wants[0] >= had[0]


def _spelt(text: str) -> tuple[str, tuple[int, ...]]:
    """("numeric", (10, 2)) of the server's `numeric(10,2)`."""
    found = re.search(r"\(([\d,]+)\)", text)
    modifiers = tuple(int(number) for number in found[1].split(",")) if found else ()
    name = re.sub(r"\([\d,]+\)", "", text)
    return _TREE.get(name, name.rpartition(".")[2]), modifiers


def _plain_cast(using: Node, definition: Node) -> bool:
    """`using c::type`: what PostgreSQL does anyway."""
    cast = using.get("TypeCast")
    same = cast is not None and type_name(cast.get("typeName")) == type_name(definition.get("typeName"))
    return "ColumnRef" in using or (same and cast is not None and "ColumnRef" in cast.get("arg", {}))
