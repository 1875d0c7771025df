"""plpgsql_check, where the server has it: what is wrong in bodies that PostgreSQL reads only when they run.

https://github.com/okbob/plpgsql_check; nexiom never installs it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.lint.catalog import CATALOG_PATH, Blind, grant_for
from nexiom_runner.lint.rule import Found

RULE = "plpgsql-check"


def check_bodies(session: Session, schemas: Sequence[str]) -> tuple[Found, ...] | str | Blind:
    """What it says of the plpgsql functions of these schemas; why it is not there; or why it may not look.

    Read-only and rolled back. Raises UnavailableError.
    """
    try:
        with session.transaction(read_only=True, rollback=True, first=CATALOG_PATH):
            return ask(session, schemas)
    except ServerError as error:
        return Blind(RULE, f"plpgsql_check cannot look: {error.report.message}", grant_for(session, error))


def ask(session: Session, schemas: Sequence[str]) -> tuple[Found, ...] | str:
    """The same in a transaction that is open. Raises ServerError."""
    (there,) = session.rows(load(__file__, "plpgsql_check_there.sql"))
    if there.schema is None:
        return _absent(there)
    query = load(__file__, "plpgsql_check.sql").compose(check=(there.schema, "plpgsql_check_function_tb"))
    return tuple(_found(session.rows(query, schemas=list(schemas))))


def _absent(there: Any) -> str:
    if there.available is None:
        return "the server does not have this extension (Debian: postgresql-NN-plpgsql-check)"
    return f"version {there.available} is there and not created: `create extension plpgsql_check` as a superuser"


def _found(rows: Sequence[Any]) -> Iterator[Found]:
    for row in rows:
        hint = f" ({row.hint})" if row.hint else ""
        yield Found(
            RULE,
            row.kind,
            row.schema,
            row.name,
            f"line {row.line}: {row.message}{hint}" if row.line else f"{row.message}{hint}",
            types=row.types,
            level="error" if row.level == "error" else "warn",
        )
