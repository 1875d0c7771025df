"""A check that is made of every row while nobody can read the table."""

from collections.abc import Iterator

from nexiom_runner.lint.alters import added_constraints, altered
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found


def find(move: Move) -> Iterator[Found]:
    """`add check` without `not valid` on a table that is there and not small."""
    table, commands = altered(move)
    for constraint in added_constraints(commands):
        if table is None or constraint["contype"] != "CONSTR_CHECK" or constraint.get("skip_validation"):
            continue
        if move.matters(table):
            message = (
                f"takes ACCESS EXCLUSIVE on {move.told(table)} until every row is checked: nobody reads or writes it"
            )
            fix = "add it not valid, and validate it in a transaction of its own"
            yield move.found("check-at-once", table, message, fix)
