"""A statement that waits for its lock for ever, and everybody behind it."""

from collections.abc import Iterator

from nexiom_runner.lint.alters import altered
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import Node


def find(move: Move) -> Iterator[Found]:
    """ALTER TABLE on a table that is there, whatever its size, while no lock_timeout holds."""
    table, _ = altered(move)
    if table is None or move.there(table) is None or not move.planned.transactional:
        return
    if _waits_for_ever(move):
        message = f"waits for its lock on {move.told(table)} without a limit, and whoever comes behind it waits too"
        yield move.found("no-lock-timeout", table, message, "take out what sets lock_timeout to 0; the default is 5 s")


def _waits_for_ever(move: Move) -> bool:
    """What the transaction's statements set last, else what the phase or the target says."""
    told = [
        _value(node) for tag, node in move.before if tag == "VariableSetStmt" and node.get("name") == "lock_timeout"
    ]
    return told[-1] == "0" if told else move.lock_timeout == 0


def _value(node: Node) -> str:
    for one in node.get("args", ()):
        constant = one.get("A_Const", {})
        if "ival" in constant:
            return str(constant["ival"].get("ival", 0))
        if "sval" in constant:
            text = str(constant["sval"].get("sval", ""))
            return "0" if text.strip().rstrip("msinhd ") == "0" else text
    return "default"
