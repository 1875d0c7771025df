"""`nexiom resolve`: say whether a statement that was begun was done."""

import click

from nexiom_runner.apply.settle import resolve_phase
from nexiom_runner.commands.opened import open_project
from nexiom_runner.commands.request import Request, with_request


@click.command(short_help="Say of a statement that a dead run had begun whether it was done")
@click.argument("phase")
@click.option("--done/--again", default=None, required=True, help="It was done; or it is to run again.")
@click.option("--reason", required=True, help="Why; it is written into the ledger.")
@with_request
def command(request: Request, phase: str, done: bool, reason: str) -> int:
    """Write into the ledger what became of a statement of PHASE that runs outside a transaction, where a run died while
    it was under way and the catalog does not tell. Nothing runs.

    \b
    nexiom resolve 07_indexes --done --reason "the index is the one of 2026-11-02"
    nexiom resolve 07_indexes --again --reason "dropped by hand"
    """
    with open_project(request) as opened:
        for key in resolve_phase(opened.session, opened.graph, opened.runner(request), phase, reason, done=done):
            request.say(f"resolved {key}: {'done' if done else 'runs again'}")
    return 0
