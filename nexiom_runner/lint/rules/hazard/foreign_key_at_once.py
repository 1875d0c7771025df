"""A foreign key that is checked while both tables are shut to writers."""

from collections.abc import Iterator

from nexiom_runner.lint.alters import added_constraints, altered
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import relation


def find(move: Move) -> Iterator[Found]:
    """`add foreign key` without `not valid` on a table that is there and not small."""
    table, commands = altered(move)
    for constraint in added_constraints(commands):
        if table is None or constraint["contype"] != "CONSTR_FOREIGN" or constraint.get("skip_validation"):
            continue
        other = relation(constraint.get("pktable"))
        if move.matters(table):
            both = move.told(table) if other in (None, table) else f"{move.told(table)} and {move.told(other or table)}"
            message = f"takes SHARE ROW EXCLUSIVE on {both} until every row is checked: writes wait"
            fix = "add it not valid, and validate it in a transaction of its own"
            yield move.found("foreign-key-at-once", table, message, fix, weigh=[other] if other else [])
