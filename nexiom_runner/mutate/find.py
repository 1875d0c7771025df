"""What can be broken in a database: rights, settings and bodies of its functions, guards of its tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.mutate.bodies import change_body
from nexiom_runner.mutate.mutant import Mutant

CATALOG_PATH = "set local search_path = pg_catalog"


def find_mutants(session: Session, schemas: Sequence[str]) -> list[Mutant]:
    """Every mutant of the schemas' own functions and tables, in one order; four queries, read-only.

    Raises ServerError where the catalog cannot be read.
    """
    named = list(schemas)
    with session.transaction(read_only=True, rollback=True, first=CATALOG_PATH):
        rights = session.rows(load(__file__, "rights.sql"), schemas=named)
        settings = session.rows(load(__file__, "settings.sql"), schemas=named)
        tables = session.rows(load(__file__, "tables.sql"), schemas=named)
        functions = session.rows(load(__file__, "functions.sql"), schemas=named)
    return [
        *(Mutant(row.kind, row.schema, row.name, row.what, row.statement, row.missing) for row in rights),
        *(Mutant("function", row.schema, row.name, row.what, row.statement, row.missing) for row in settings),
        *(Mutant("table", row.schema, row.name, row.what, row.statement, row.missing) for row in tables),
        *(mutant for row in functions for mutant in _of_body(row)),
    ]


def _of_body(row: Any) -> Iterator[Mutant]:
    """The function made anew with another body: what it was granted, and its comment, stay."""
    before, body, after = row.definition.partition(row.body)
    if not body:
        return
    for changed in change_body(row.body, row.language, row.returns, returns_set=row.returns_set):
        statement = f"{before}{changed.body}{after}"
        yield Mutant("function", row.schema, row.name, changed.what, statement, changed.missing)
