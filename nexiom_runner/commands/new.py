"""`nexiom new`: a phase, an audit or a test, ready to edit."""

from collections.abc import Callable, Mapping

import click

from nexiom_runner.commands.prepared import find_project
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.writing import write_new
from nexiom_runner.project.load import load_project
from nexiom_runner.project.model import Project
from nexiom_runner.project.scaffold import new_audit_files, new_phase_files, new_test_files


@click.group(short_help="Add a phase, an audit or a test")
def command() -> None:
    """Add a phase, an audit or a test, ready to edit. Overwrites nothing.

    \b
    nexiom new phase "Inbox reviews"
    nexiom new audit every_table_has_row_security
    """


@command.command()
@click.argument("name")
@with_request
def phase(request: Request, name: str) -> int:
    """Add the next phase: phases/NN_name with phase.yml, apply.sql and a repeatable."""
    return _write(request, name, new_phase_files)


@command.command()
@click.argument("name")
@with_request
def audit(request: Request, name: str) -> int:
    """Add audits/NAME.sql: one SELECT, a row per object examined."""
    return _write(request, name, new_audit_files)


@command.command()
@click.argument("name")
@with_request
def test(request: Request, name: str) -> int:
    """Add tests/sql/test_NAME.sql and the .yml that says what it returns."""
    return _write(request, name, new_test_files)


def _write(request: Request, name: str, files: Callable[[Project, str], Mapping[str, str]]) -> int:
    root = find_project(request)
    for path in write_new(root, files(load_project(root), name)):
        request.say(f"wrote {path}")
    return 0
