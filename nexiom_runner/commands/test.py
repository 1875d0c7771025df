"""`nexiom test`: the calls of phase.yml and tests/sql, rolled back."""

import click

from nexiom_runner.commands.checked import check
from nexiom_runner.commands.reporting import fail_on_option
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.selection import selectable
from nexiom_runner.results import Outcome


@click.command(short_help="Run the calls and the SQL tests, rolled back")
@selectable
@fail_on_option
@with_request
def command(request: Request, select: tuple[str, ...], exclude: tuple[str, ...], fail_on: frozenset[Outcome]) -> int:
    """Call functions as the roles that may, compare their JSON with its shape, run tests/sql. Nothing remains.

    \b
    nexiom test
    nexiom test --select 12_pipeline_runner --fail-on pending
    """
    return check(request, select, exclude, fail_on, audits=False)
