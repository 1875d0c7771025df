"""`nexiom sql`: run a script or a statement on a target and show every result set."""

import json
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from nexiom_runner.commands.prepared import Opened, open_project
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.errors import Fault, RunError, ServerError, ServerReport, UsageError
from nexiom_runner.project.files import decode_source
from nexiom_runner.project.model import Source
from nexiom_runner.render.render import render
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.report.tables import table
from nexiom_runner.report.words import count, duration
from nexiom_runner.sql.split import Statement, split


@click.command(short_help="Run a script or a statement and show every result")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("-c", "statement", metavar="SQL", help="Run this text instead of a file.")
@click.option("--no-transaction", is_flag=True, help="Each statement commits by itself, as in psql.")
@with_request
def command(request: Request, file: Path | None, statement: str | None, no_transaction: bool) -> int:
    """Run FILE (`-` reads standard input) or -c SQL on the target and show every result set.

    The whole script is one transaction: it is done, or nothing of it is. On a protected target it is
    read-only. Exits with 1 when a statement fails.

    \b
    nexiom sql tests/sql/test_phase12_basic.sql
    nexiom sql -t staging -c "select count(*) from messages"
    """
    if (file is None) == (statement is None):
        raise UsageError(Fault("expected a FILE or -c SQL", hint="nexiom sql -c 'select 1'"))
    source = _read(file) if file is not None else Source("-c", statement or "", "")
    with open_project(request) as opened:
        return run(request, opened, source, in_transaction=not no_transaction)


def run(request: Request, opened: Opened, source: Source, *, in_transaction: bool) -> int:
    """Send each statement, show what it returned; 0. Raises RunError at the statement that fails."""
    rendered = render(source, opened.values, opened.project.macros)
    statements = split(rendered.text)
    if not statements:
        raise UsageError(Fault(f'"{source.path}" holds no statement'))
    protected = opened.target.protected
    if protected and not in_transaction:
        raise UsageError(
            Fault(
                f'target "{opened.target.name}" is protected: scripts run read-only, in one transaction',
                hint="Leave --no-transaction out.",
            )
        )
    session = opened.session
    around = session.transaction(read_only=protected) if in_transaction else nullcontext()
    with around:
        for number, statement in enumerate(statements, start=1):
            _one(request, session, rendered, statement, f"{number} of {len(statements)}", in_transaction)
    return 0
