"""`nexiom ls`: the phases, in order."""

import json

import click

from nexiom_runner.commands.prepared import prepare
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.selection import selectable
from nexiom_runner.graph.select import select_phases
from nexiom_runner.project.model import Phase


@click.command(short_help="List phases")
@selectable
@with_request
def command(request: Request, select: tuple[str, ...], exclude: tuple[str, ...]) -> int:
    """List the phases in the order they are applied, with tags, owner and title.

    \b
    nexiom ls
    nexiom ls --select tag:pipeline --select +09_event_routing
    """
    prepared = prepare(request)
    chosen = select_phases(prepared.graph, prepared.project, select, exclude)
    by_name = {phase.name: phase for phase in prepared.project.phases}
    phases = [by_name[name] for name in prepared.graph.phases if name in chosen]
    if request.format == "json":
        request.console.out(json.dumps([_data(phase) for phase in phases], ensure_ascii=False, indent=2))
    else:
        for line in _lines(phases):
            request.console.out(line)
    return 0


def _lines(phases: list[Phase]) -> list[str]:
    width = max((len(phase.name) for phase in phases), default=0)
    return [f"{phase.name:<{width}}  {_about(phase)}".rstrip() for phase in phases]


def _about(phase: Phase) -> str:
    tags = " ".join(f"tag:{tag}" for tag in phase.tags)
    return "  ".join(part for part in (phase.title, f"({phase.owner})" if phase.owner else "", tags) if part)


def _data(phase: Phase) -> dict[str, object]:
    return {
        "name": phase.name,
        "title": phase.title,
        "owner": phase.owner,
        "tags": list(phase.tags),
        "needs": [need.value for need in phase.needs],
        "scripts": [source.path for source in (phase.apply, *phase.repeatables, phase.backfill) if source is not None],
    }
