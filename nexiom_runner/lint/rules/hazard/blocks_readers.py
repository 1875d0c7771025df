"""Maintenance that readers wait for."""

from collections.abc import Iterator

from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import relation


def find(move: Move) -> Iterator[Found]:
    """REFRESH MATERIALIZED VIEW and REINDEX TABLE without CONCURRENTLY, TRUNCATE left to what takes data away."""
    if move.tag == "RefreshMatViewStmt" and not move.node.get("concurrent") and not move.node.get("skipData"):
        lock, fix = "ACCESS EXCLUSIVE", "refresh materialized view concurrently, which needs a unique index"
        what = "until it is filled: nobody reads it"
    elif move.tag == "ReindexStmt" and move.node.get("kind") == "REINDEX_OBJECT_TABLE" and not _concurrent(move):
        lock, fix = "SHARE", "reindex table concurrently"
        what = "until its indexes are built: writes wait, and readers who would use them"
    else:
        return
    table = relation(move.node.get("relation"))
    if table is not None and move.matters(table):
        yield move.found("blocks-readers", table, f"takes {lock} on {move.told(table)} {what}", fix)


def _concurrent(move: Move) -> bool:
    return any(one["DefElem"]["defname"] == "concurrently" for one in move.node.get("params", ()))
