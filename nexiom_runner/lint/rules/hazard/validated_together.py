"""A constraint validated in the transaction that added it, whose lock is still held."""

from collections.abc import Iterator

from nexiom_runner.catalog.names import quoted
from nexiom_runner.lint.alters import added_constraints, altered
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import relation


def find(move: Move) -> Iterator[Found]:
    """`validate constraint` of one that an earlier statement of the same transaction added `not valid`."""
    table, commands = altered(move)
    for command in commands:
        if command.get("subtype") != "AT_ValidateConstraint" or table is None or not move.matters(table):
            continue
        name = command["name"]
        if name in _added(move, table):
            message = (
                f"validates {quoted(name)} of {move.told(table)} in the transaction that added it, whose lock is held "
                "until every row is checked"
            )
            fix = "write `-- nexiom: commit` between the two"
            yield move.found("validated-together", table, message, fix)


def _added(move: Move, table: tuple[str, str]) -> set[str]:
    names = set()
    for tag, node in move.before:
        if tag == "AlterTableStmt" and relation(node.get("relation")) == table:
            commands = [one["AlterTableCmd"] for one in node.get("cmds", ())]
            names |= {one.get("conname", "") for one in added_constraints(commands)}
    return names
