"""A change of what PostgREST serves, of which nobody tells it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found

_SERVED = frozenset(
    {
        "CreateStmt",
        "AlterTableStmt",
        "DropStmt",
        "ViewStmt",
        "CreateTableAsStmt",
        "CreateFunctionStmt",
        "AlterFunctionStmt",
        "RenameStmt",
        "CompositeTypeStmt",
        "CreateEnumStmt",
    }
)


def find(moves: Sequence[Move]) -> Iterator[Found]:
    """The last statement that changes tables, views, functions or types, with no `notify pgrst` behind it."""
    changes = [number for number, move in enumerate(moves) if move.tag in _SERVED]
    if not changes or not moves[-1].facts.untold:
        return
    behind = moves[changes[-1] + 1 :]
    if any(move.tag == "NotifyStmt" and move.node.get("conditionname") == "pgrst" for move in behind):
        return
    last = moves[changes[-1]]
    message = (
        "changes what PostgREST serves, and nothing tells it: it goes on with what it knew until it is started anew"
    )
    fix = "notify pgrst, 'reload schema'; as the last statement, or an event trigger that does"
    found = last.found("schema-cache-stale", ("public", last.planned.label), message, fix)
    yield replace(found, kind="statement", level="warn")
