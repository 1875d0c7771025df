"""`nexiom graph`: the order of the scripts and why."""

import click

from nexiom_runner.commands.prepared import prepare
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.selection import selectable
from nexiom_runner.graph.print import as_mermaid, as_text
from nexiom_runner.graph.select import select_phases


@click.command(short_help="Show the order of the scripts and why")
@click.option("--mermaid", is_flag=True, help="As a Mermaid flowchart, for a page that draws it.")
@selectable
@with_request
def command(request: Request, select: tuple[str, ...], exclude: tuple[str, ...], mermaid: bool) -> int:
    """Print each script in order of execution with what it waits for, and why.

    \b
    nexiom graph --select +12_pipeline_runner
    nexiom graph --mermaid > graph.mmd
    """
    prepared = prepare(request)
    chosen = select_phases(prepared.graph, prepared.project, select, exclude)
    draw = as_mermaid if mermaid else as_text
    request.console.out(draw(prepared.graph, chosen))
    return 0
