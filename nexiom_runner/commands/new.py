"""`nexiom new`: a phase, an audit or a test, ready to edit."""

from collections.abc import Callable, Mapping

import click

from nexiom_runner.commands.prepared import find_project
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.writing import write_new
from nexiom_runner.project.load import load_project
from nexiom_runner.project.outline import Project
from nexiom_runner.project.scaffold import SCHEMAS, new_audit_files, new_phase_files, new_test_files, schema_files
from nexiom_runner.report.words import count


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
    """Add the next phase: phases/NN_name with phase.yml and a function in repeatable/.

    Tables and data go into an apply.sql that you add beside phase.yml, a statement that is repeated in batches into a
    backfill.sql. NAME may begin with a number of its own.

    \b
    nexiom new phase "Inbox reviews"
    nexiom new phase 04b_settings
    """
    return _write(request, name, new_phase_files, next_step="edit {folder}, then nexiom build")


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


def _write(
    request: Request, name: str, make: Callable[[Project, str], Mapping[str, str]], next_step: str | None = None
) -> int:
    root = find_project(request)
    files = make(load_project(root), name)
    schemas = {path: text for path, text in schema_files().items() if not (root / path).exists()}
    written = write_new(root, {**files, **schemas})
    for path in sorted(files):
        request.say(f"wrote {path}")
    if schemas:
        request.say(f"wrote {SCHEMAS}: {count(len(written) - len(files), 'JSON Schema')} for editors")
    if next_step:
        request.say("\nnext: " + next_step.format(folder=min(files).rpartition("/")[0]))
    return 0
