"""`nexiom init`: a project that builds, in an empty folder or beside what is there."""

import shlex
from pathlib import Path

import click

from nexiom_runner.commands.writing import write_new
from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.project.scaffold import init_files


@click.command(short_help="Start a project that builds")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("."))
@click.option("--name", help="Name of the project; else the folder's.")
def command(folder: Path, name: str | None) -> int:
    """Write a small project that builds into FOLDER (here, unless given). Overwrites nothing.

    \b
    nexiom init my_project && cd my_project && nexiom build
    nexiom init --name studio .
    """
    return init(folder, name)


def init(folder: Path, name: str | None) -> int:
    """Write the files; raises UsageError, having written none, where one of them is there already."""
    root = folder.absolute()
    if (root / "nexiom.yml").exists():
        raise UsageError(
            Fault(
                f'"{folder}" is a nexiom project already',
                hint="`nexiom new phase NAME` adds to it; `nexiom build` builds it.",
            )
        )
    written = write_new(root, init_files(name or root.name))
    click.echo("\n".join(f"wrote {path}" for path in written))
    where = "" if root == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"\nnext: {where}nexiom build")
    return 0
