"""An index built while writers wait."""

from collections.abc import Iterator

from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import relation


def find(move: Move) -> Iterator[Found]:
    """`create index` without `concurrently` on a table that is there and not small."""
    if move.tag != "IndexStmt" or move.node.get("concurrent"):
        return
    table = relation(move.node.get("relation"))
    if table is not None and move.matters(table):
        message = f"takes SHARE on {move.told(table)} until the index is built: every write waits"
        fix = "create index concurrently, which nobody waits for"
        yield move.found("index-blocks-writes", table, message, fix)
