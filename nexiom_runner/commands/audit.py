"""`nexiom audit`: the database against the declared expectations."""

import click

from nexiom_runner.commands.checked import check
from nexiom_runner.commands.reporting import fail_on_option
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.selection import selectable
from nexiom_runner.results import Outcome


@click.command(short_help="Compare the database with the declared expectations")
@selectable
@fail_on_option
@with_request
def command(request: Request, select: tuple[str, ...], exclude: tuple[str, ...], fail_on: frozenset[Outcome]) -> int:
    """Compare tables and functions with phase.yml and run audits/*.sql, read-only.

    \b
    nexiom audit
    nexiom audit --target production --select 12_pipeline_runner
    """
    return check(request, select, exclude, fail_on, tests=False)
