"""ALTER TABLE taken apart: the table, its commands, the constraints and columns they add."""

from collections.abc import Iterator

from nexiom_runner.lint.moves import Move, Table
from nexiom_runner.sql.trees import Node, relation, strings

REWRITTEN = "writes all of it anew: nobody reads or writes it meanwhile"


def altered(move: Move) -> tuple[Table | None, list[Node]]:
    """The table of an ALTER TABLE and its commands; nothing of other statements."""
    if move.tag != "AlterTableStmt" or move.node.get("objtype") not in ("OBJECT_TABLE", "OBJECT_MATVIEW"):
        return None, []
    return relation(move.node.get("relation")), [one["AlterTableCmd"] for one in move.node.get("cmds", ())]


def added_constraints(commands: list[Node]) -> Iterator[Node]:
    """The table constraints that are added."""
    for command in commands:
        if command.get("subtype") == "AT_AddConstraint":
            yield command["def"]["Constraint"]


def added_columns(commands: list[Node]) -> Iterator[tuple[Node, list[Node]]]:
    """The columns that are added, each with its constraints."""
    for command in commands:
        if command.get("subtype") == "AT_AddColumn":
            column = command["def"]["ColumnDef"]
            yield column, [one["Constraint"] for one in column.get("constraints", ())]


def type_name(node: Node | None) -> str:
    """The last part of a type's name."""
    return (strings((node or {}).get("names")) or [""])[-1]


def type_modifiers(node: Node | None) -> tuple[int, ...]:
    """`(10, 2)` of numeric(10, 2)."""
    modifiers = (node or {}).get("typmods") or ()
    return tuple(one.get("A_Const", {}).get("ival", {}).get("ival", 0) for one in modifiers)
