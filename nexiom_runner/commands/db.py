"""`nexiom db`: the embedded PostgreSQL of a project."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from nexiom_runner.commands.prepared import read_project
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.subcommands import Subcommands
from nexiom_runner.database import embedded
from nexiom_runner.database.platform import Platform, Wanted, wanted_server
from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.project.outline import Target
from nexiom_runner.project.targets import resolve_target


@click.group(cls=Subcommands, short_help="Start, stop and look at the embedded PostgreSQL")
def command() -> None:
    """The PostgreSQL that `embedded: true` brings: one a project, started by whoever needs it, stopped by the last.

    \b
    nexiom db start && psql "$(nexiom db url)"
    nexiom db reset
    """


def _of_target(function: Callable[..., int]) -> Callable[..., int]:
    """Pass the project's root and what the embedded target that is meant says of its server."""

    def run(request: Request, **options: Any) -> int:
        project = read_project(request)
        target = _embedded(resolve_target(project, request.target, request.environ))
        return function(request, Path(project.root), wanted_server(project.root, target), **options)

    run.__name__, run.__doc__ = function.__name__, function.__doc__
    return run


def _embedded(target: Target) -> Target:
    if not target.embedded:
        raise UsageError(Fault(f'target "{target.name}" is not embedded', hint="Name one that is, with --target."))
    return target


@command.command()
@with_request
@_of_target
def start(request: Request, root: Path, engine: Wanted) -> int:
    """Start it and leave it running until `nexiom db stop`."""
    with embedded.start(root, engine, environ=request.environ, keep=True) as running:
        how = f"started in {running.seconds:.1f} s" if running.started else "already running"
        request.say(f"PostgreSQL {running.version}, {how}; stays until `nexiom db stop`")
        request.say(running.dsn)
    return 0


@command.command()
@with_request
@_of_target
def stop(request: Request, root: Path, engine: Wanted) -> int:
    """Stop it; one that another command is using stops with that command."""
    stopped = embedded.stop(root, engine, environ=request.environ)
    in_use = stopped is embedded.Stopped.IN_USE
    request.say("in use: it stops when the last user has left" if in_use else str(stopped))
    return 0


@command.command()
@with_request
@_of_target
def status(request: Request, root: Path, engine: Wanted) -> int:
    """Say whether it runs, which engine it is, and where its data are."""
    found = embedded.status(root, engine, environ=request.environ)
    if request.format == "json":
        data = {
            "version": found.engine.version,
            "running": found.running,
            "in_use": found.in_use,
            "kept": found.kept,
            "folder": str(found.folder),
            "bytes": found.bytes,
        }
        if isinstance(engine, Platform):
            data |= {"platform": "supabase", "asked": engine.asked, "in_sql": sorted(engine.written)}
        request.console.out(json.dumps(data, indent=2))
        return 0
    running = "running" if found.running else "not running"
    use = ", in use" if found.in_use else ""
    kept = ", stays until `nexiom db stop`" if found.kept else ""
    request.say(f"PostgreSQL {found.engine.version}: {running}{use}{kept}")
    if isinstance(engine, Platform):
        in_sql = f"; in SQL, as far as that goes: {', '.join(sorted(engine.written))}" if engine.written else ""
        request.say(f"stands in for Supabase with PostgreSQL {engine.asked}{in_sql}")
    request.say(f"data: {found.folder} ({found.bytes / 1_000_000:.0f} MB)")
    return 0


@command.command()
@with_request
@_of_target
def url(request: Request, root: Path, engine: Wanted) -> int:
    """Print how psql and others reach it while it runs, as the role that phases run as."""
    request.console.out(embedded.url(root, engine, environ=request.environ))
    return 0


@command.command()
@with_request
@_of_target
def reset(request: Request, root: Path, engine: Wanted) -> int:
    """Remove its database and every stored state; the next build begins from nothing."""
    embedded.reset(root, engine, environ=request.environ)
    request.say("removed; the next build begins from an empty database")
    return 0
