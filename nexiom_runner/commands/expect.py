"""`nexiom expect`: expectations written from the live database."""

import difflib
from collections.abc import Sequence
from pathlib import Path

import click

from nexiom_runner.apply.look import read_plan
from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.judgement import Judgement
from nexiom_runner.audit.kinds.registry import all_rows, find_rows, query_kinds
from nexiom_runner.audit.read import Wanted, read_catalog
from nexiom_runner.catalog.model import Catalog, Name
from nexiom_runner.commands.checking import creators
from nexiom_runner.commands.opened import Opened, open_project
from nexiom_runner.commands.reporting import write_text
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.contract.accept import Edit, accept, read_objects
from nexiom_runner.project.in_force import ObjectKey
from nexiom_runner.project.kinds.conditions import CONDITION
from nexiom_runner.results import Result


@click.command(short_help="Write expectations from the live database")
@click.argument("objects", nargs=-1)
@click.option("--accept", "write", is_flag=True, help="Write them into phase.yml; else only show what would change.")
@click.option("--phase", metavar="PHASE", help="Write them there; else where they are stated, or created.")
@click.option("--everything", is_flag=True, help="Of tables also constraints, triggers, policies no phase states.")
@with_request
def command(request: Request, objects: tuple[str, ...], write: bool, phase: str | None, everything: bool) -> int:
    """Write what OBJECTS are into phase.yml: all that phases state or create, unless some are named.

    A bare name is a table, view or function; others are named by their kind: schema:crm, enum:mood, domain:email,
    type:pair, sequence:s, role:app, extension:pgcrypto, publication:p, event_trigger:e, "default_privileges:app".

    Comments, layout, calls, results and reasons stay as they are. Without --accept nothing is written,
    and the exit code is 1 where something differs.

    \b
    nexiom expect run_pipeline_once
    nexiom expect --accept app_settings --phase 04b_settings
    """
    with open_project(request) as opened:
        edits = expected(opened, objects, phase, everything)
    for edit in edits:
        if write:
            write_text(Path(opened.project.root) / edit.path, edit.after)
            request.say(f"wrote {edit.path}")
        else:
            request.say(_difference(edit))
    if not edits:
        request.say("every expectation is as the database is")
    return int(bool(edits) and not write)


def expected(opened: Opened, objects: Sequence[str], phase: str | None, everything: bool = False) -> tuple[Edit, ...]:
    """The edits that would make phase.yml say what the database has. Raises UsageError for objects of no phase."""
    plan, _ = read_plan(opened.place, opened.project.name, opened.graph)
    applied = opened.applied(plan)
    created = creators(opened.graph)
    names, keys = read_objects(objects) if objects else (tuple(dict.fromkeys([*_stated(opened), *created])), ())
    keys = keys if objects else _stated_keys(opened)
    rows = all_rows(names, keys)
    catalog = read_catalog(
        opened.session, Wanted(frozenset(names), frozenset(names), rows=rows, kinds=query_kinds(rows))
    )
    there = [name for name in names if objects or _is_there(name, catalog)]
    others = [key for key in keys if objects or not isinstance(find_rows(key, catalog), Judgement)]
    results: list[Result] = list(audit(opened.session, opened.project, applied, applied, ()))
    return accept(
        catalog,
        opened.project,
        there,
        phase=phase,
        creators=created,
        results=results,
        others=others,
        everything=everything,
    )


def _stated(opened: Opened) -> list[Name]:
    phases = opened.project.phases
    tables = [(table.schema, table.name) for phase in phases for table in phase.tables if not table.absent]
    functions = [(one.schema, one.name) for phase in phases for one in phase.functions if not one.absent]
    return [*tables, *functions]


def _stated_keys(opened: Opened) -> tuple[ObjectKey, ...]:
    """Objects of other kinds that a phase states."""
    stated = (one for phase in opened.project.phases for one in phase.objects if not one.absent)
    keys = (ObjectKey(one.kind, one.schema, one.name) for one in stated if one.kind != CONDITION)
    return tuple(dict.fromkeys(keys))


def _is_there(name: Name, catalog: Catalog) -> bool:
    return name in catalog.tables or name in catalog.functions


def _difference(edit: Edit) -> str:
    before, after = (edit.before or "").splitlines(), edit.after.splitlines()
    return "\n".join(difflib.unified_diff(before, after, edit.path, f"{edit.path} (accepted)", lineterm=""))
