"""Commands that write a whole table anew, whatever is in it."""

from collections.abc import Iterator

from nexiom_runner.lint.alters import REWRITTEN, altered
from nexiom_runner.lint.moves import Move, Table
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import relation

_COMMANDS = {
    "AT_SetLogged": "set logged",
    "AT_SetUnLogged": "set unlogged",
    "AT_SetAccessMethod": "set access method",
    "AT_SetTableSpace": "set tablespace",
}


def find(move: Move) -> Iterator[Found]:
    """VACUUM FULL, CLUSTER, and the ALTER TABLE commands that move a table."""
    for table, what in _rewritten(move):
        if move.matters(table):
            message = f"{what} takes ACCESS EXCLUSIVE on {move.told(table)} and {REWRITTEN}"
            yield move.found("table-rewrite", table, message, _FIXES.get(what, "choose a quiet hour"))


def _rewritten(move: Move) -> Iterator[tuple[Table, str]]:
    table, commands = altered(move)
    for command in commands:
        if table is not None and command.get("subtype") in _COMMANDS:
            yield table, _COMMANDS[command["subtype"]]
    if move.tag == "ClusterStmt":
        clustered = relation(move.node.get("relation"))
        if clustered is not None:
            yield clustered, "cluster"
    if move.tag == "VacuumStmt" and any(one["DefElem"]["defname"] == "full" for one in move.node.get("options", ())):
        for one in move.node.get("rels", ()):
            vacuumed = relation(one["VacuumRelation"].get("relation"))
            if vacuumed is not None:
                yield vacuumed, "vacuum full"


_FIXES = {"vacuum full": "vacuum, which nobody waits for, or pg_repack where the space is needed"}
