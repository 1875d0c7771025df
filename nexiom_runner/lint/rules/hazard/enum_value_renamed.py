"""A label of an enum that gets another name under those who compare with it."""

from collections.abc import Iterator
from dataclasses import replace

from nexiom_runner.catalog.names import shown
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import qualified, strings


def find(move: Move) -> Iterator[Found]:
    """`alter type … rename value`, of a type that the plan itself does not make."""
    if move.tag != "AlterEnumStmt" or "oldVal" not in move.node:
        return
    name = qualified(strings(move.node.get("typeName")))
    if _made_before(move, name):
        return
    old = move.node["oldVal"]
    users = [script.key for script in move.others if f"'{old}'" in script.text]
    where = f"; {users[0]} still says '{old}'" if users else ""
    message = f"what compares {shown(name)} with '{old}' fails from that moment{where}"
    fix = "add the new label, move the rows and the readers over, and leave the old one"
    found = move.found("enum-value-renamed", name, message, fix)
    yield replace(found, kind="type", level="error" if users else "warn")


def _made_before(move: Move, name: tuple[str, str]) -> bool:
    return any(
        tag == "CreateEnumStmt" and qualified(strings(node.get("typeName"))) == name for tag, node in move.before
    )
