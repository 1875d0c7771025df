"""A table or a column that gets another name under those who use it."""

from collections.abc import Iterator
from dataclasses import replace

from nexiom_runner.catalog.names import quoted
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import relation

_KINDS = {"OBJECT_TABLE": "table", "OBJECT_COLUMN": "column", "OBJECT_VIEW": "view"}


def find(move: Move) -> Iterator[Found]:
    """`rename` of a table, a view or a column that is on the target."""
    what = _KINDS.get(move.node.get("renameType", "")) if move.tag == "RenameStmt" else None
    table = relation(move.node.get("relation")) if what else None
    if table is None or move.there(table) is None:
        return
    old = move.node["subname"] if what == "column" else table[1]
    new = quoted(move.node["newname"])
    message = f"{what} {quoted(old)} becomes {new}: clients that run meanwhile fail by the old name"
    fix = "add the new name beside the old one (a view, a second column), and take the old one away when nobody uses it"
    yield replace(move.found("rename-in-use", table, message, fix), level="warn")
