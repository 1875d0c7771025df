"""psycopg's own connections, for tests that people write in Python."""

from typing import Any

import psycopg
from psycopg import conninfo

from nexiom_runner.errors import ServerReport

PlainConnection = psycopg.Connection[Any]


def connect_plain(dsn: str, *, application: str) -> PlainConnection:
    """A connection in autocommit, each statement a transaction of its own; to be closed."""
    return psycopg.connect(conninfo.make_conninfo(dsn, application_name=application), autocommit=True)


def plain_error(report: ServerReport) -> psycopg.Error:
    """What psycopg raises for this report: its class by SQLSTATE, the server's words as its text."""
    lines = (report.message, *(f"{name}:  {text}" for name, text in _said(report) if text))
    try:
        kind = psycopg.errors.lookup(report.sqlstate)
    except KeyError:
        kind = psycopg.DatabaseError
    error = kind("\n".join(lines))
    error.sqlstate = report.sqlstate
    return error


def _said(report: ServerReport) -> tuple[tuple[str, str | None], ...]:
    return ("DETAIL", report.detail), ("HINT", report.hint), ("CONTEXT", report.context)
