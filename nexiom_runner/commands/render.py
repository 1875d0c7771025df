"""`nexiom render`: the SQL that would be sent."""

import json

import click

from nexiom_runner.commands.prepared import prepare
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.selection import selectable
from nexiom_runner.graph.select import select_phases


@click.command(short_help="Print the SQL that would be sent")
@selectable
@with_request
def command(request: Request, select: tuple[str, ...], exclude: tuple[str, ...]) -> int:
    """Print the rendered SQL in order of execution. Secrets stand in it as ‹secret:NAME›.

    \b
    nexiom render --select 12_pipeline_runner
    nexiom render --target staging --var region=us
    """
    prepared = prepare(request)
    chosen = select_phases(prepared.graph, prepared.project, select, exclude)
    scripts = [script for script in prepared.graph.scripts if script.phase in chosen]
    if request.format == "json":
        data = [{"script": one.key, "semantic": one.semantic_sha, "sql": one.rendered.text} for one in scripts]
        request.console.out(json.dumps(data, ensure_ascii=False, indent=2))
        return 0
    for script in scripts:
        request.console.out(f"-- {script.rendered.source.path}\n{script.rendered.text.rstrip()}\n")
    return 0
