"""`nexiom retire`: let go of a phase whose files are gone."""

import click

from nexiom_runner.apply.settle import retire_phase
from nexiom_runner.commands.opened import open_project
from nexiom_runner.commands.request import Request, with_request


@click.command(short_help="Let go of a phase whose files are gone, with a reason")
@click.argument("phase")
@click.option("--reason", required=True, help="Why; it is written into the ledger.")
@with_request
def command(request: Request, phase: str, reason: str) -> int:
    """Write into the ledger that PHASE, applied once, is no longer part of the project. The database stays as it is.

    \b
    nexiom retire 03_experiment --reason "its table was dropped in 09_cleanup"
    nexiom retire 03_experiment -t staging --reason "moved to another project"
    """
    with open_project(request) as opened:
        for key in retire_phase(opened.session, opened.graph, opened.runner(request), phase, reason):
            request.say(f"retired {key}")
    return 0
