"""A unique or primary key whose index is built while nobody can read the table."""

from collections.abc import Iterator

from nexiom_runner.lint.alters import added_columns, added_constraints, altered
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found

_KEYS = {"CONSTR_UNIQUE": "unique constraint", "CONSTR_PRIMARY": "primary key", "CONSTR_EXCLUSION": "exclusion"}


def find(move: Move) -> Iterator[Found]:
    """A key added without `using index` to a table that is there and not small."""
    table, commands = altered(move)
    constraints = [*added_constraints(commands), *(one for _, more in added_columns(commands) for one in more)]
    for constraint in constraints:
        what = _KEYS.get(constraint["contype"])
        if table is None or what is None or constraint.get("indexname") or not move.matters(table):
            continue
        message = (
            f"takes ACCESS EXCLUSIVE on {move.told(table)} until the index of the {what} is built: "
            "nobody reads or writes it"
        )
        fix = "create unique index concurrently, then add the constraint using index"
        fix = "there is no way without the lock; choose a quiet hour" if what == "exclusion" else fix
        yield move.found("unique-at-once", table, message, fix)
