"""`nexiom accept`: take an edited phase as it is now."""

import click

from nexiom_runner.apply.settle import accept_phase
from nexiom_runner.commands.opened import open_project
from nexiom_runner.commands.request import Request, with_request


@click.command(short_help="Take an edited phase as it is now, with a reason")
@click.argument("phase")
@click.option("--reason", required=True, help="Why; it is written into the ledger.")
@with_request
def command(request: Request, phase: str, reason: str) -> int:
    """Write into the ledger that PHASE's files, edited since they were applied, are what the database has.

    \b
    nexiom accept 05_publication --reason "only a comment was changed"
    nexiom accept 05_publication -t staging --reason "the index was made by hand"
    """
    with open_project(request) as opened:
        for key in accept_phase(opened.session, opened.graph, opened.runner(request), phase, reason):
            request.say(f"accepted {key}")
    return 0
