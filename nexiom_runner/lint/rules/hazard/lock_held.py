"""A strong lock that is held while the same transaction writes rows."""

from collections.abc import Iterator

from nexiom_runner.lint.alters import altered
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import Node

_WRITES = {"UpdateStmt": "update", "DeleteStmt": "delete", "InsertStmt": "insert … select", "MergeStmt": "merge"}
# https://www.postgresql.org/docs/current/sql-altertable.html: these take less than ACCESS EXCLUSIVE.
_WEAK = frozenset(
    {"AT_ValidateConstraint", "AT_SetStatistics", "AT_SetRelOptions", "AT_ResetRelOptions", "AT_AttachPartition"}
)


def find(move: Move) -> Iterator[Found]:
    """ALTER TABLE on a table that is there and not small, with statements behind it that write many rows."""
    table, commands = altered(move)
    strong = [one for one in commands if one.get("subtype") not in _WEAK and not _foreign_key(one)]
    writes = [_WRITES[tag] for tag, node in move.behind if tag in _WRITES and _many(tag, node)]
    if table is not None and strong and writes and move.matters(table):
        message = (
            f"takes ACCESS EXCLUSIVE on {move.told(table)}, which is held while {', '.join(dict.fromkeys(writes))} runs"
        )
        yield move.found("lock-held", table, message, "write `-- nexiom: commit` behind it")


def _many(tag: str, node: Node) -> bool:
    """Whether a statement may write more than a few rows: not `insert … values`."""
    return tag != "InsertStmt" or "valuesLists" not in node.get("selectStmt", {}).get("SelectStmt", {})


def _foreign_key(command: Node) -> bool:
    definition = command.get("def", {}).get("Constraint", {})
    return bool(definition.get("contype") == "CONSTR_FOREIGN")
