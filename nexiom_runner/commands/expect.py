"""`nexiom expect`: expectations written from the live database."""

import difflib
from collections.abc import Sequence
from pathlib import Path

import click

from nexiom_runner.apply.look import read_plan
from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.read import Wanted, read_catalog
from nexiom_runner.catalog.model import Catalog, Name
from nexiom_runner.commands.checking import creators
from nexiom_runner.commands.opened import Opened, open_project
from nexiom_runner.commands.reporting import write_text
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.contract.accept import Edit, accept, read_names
from nexiom_runner.results import Result


@click.command(short_help="Write expectations from the live database")
@click.argument("objects", nargs=-1)
@click.option("--accept", "write", is_flag=True, help="Write them into phase.yml; else only show what would change.")
@click.option("--phase", metavar="PHASE", help="Write them there; else where they are stated, or created.")
@with_request
def command(request: Request, objects: tuple[str, ...], write: bool, phase: str | None) -> int:
    """Write what OBJECTS (tables, functions; all that phases state or create, unless named) are into phase.yml.

    Comments, layout, calls, results and reasons stay as they are. Without --accept nothing is written,
    and the exit code is 1 where something differs.

    \b
    nexiom expect run_pipeline_once
    nexiom expect --accept app_settings --phase 04b_settings
    """
    with open_project(request) as opened:
        edits = expected(opened, objects, phase)
    for edit in edits:
        if write:
            write_text(Path(opened.project.root) / edit.path, edit.after)
            request.say(f"wrote {edit.path}")
        else:
            request.say(_difference(edit))
    if not edits:
        request.say("every expectation is as the database is")
    return int(bool(edits) and not write)


def expected(opened: Opened, objects: Sequence[str], phase: str | None) -> tuple[Edit, ...]:
    """The edits that would make phase.yml say what the database has. Raises UsageError for objects of no phase."""
    plan, _ = read_plan(opened.place, opened.project.name, opened.graph)
    applied = [name for name in opened.graph.phases if name not in plan.unapplied]
    created = creators(opened.graph)
    names = read_names(objects) if objects else tuple(dict.fromkeys([*_stated(opened), *created]))
    catalog = read_catalog(opened.session, Wanted(frozenset(names), frozenset(names)))
    there = [name for name in names if objects or _is_there(name, catalog)]
    results: list[Result] = list(audit(opened.session, opened.project, applied, applied, ()))
    return accept(catalog, opened.project, there, phase=phase, creators=created, results=results)


def _stated(opened: Opened) -> list[Name]:
    phases = opened.project.phases
    tables = [(table.schema, table.name) for phase in phases for table in phase.tables]
    return [*tables, *((function.schema, function.name) for phase in phases for function in phase.functions)]


def _is_there(name: Name, catalog: Catalog) -> bool:
    return name in catalog.tables or name in catalog.functions


def _difference(edit: Edit) -> str:
    before, after = (edit.before or "").splitlines(), edit.after.splitlines()
    return "\n".join(difflib.unified_diff(before, after, edit.path, f"{edit.path} (accepted)", lineterm=""))
