"""`nexiom ledger`: its head for an anchor outside the database, its entries for a file, and back."""

import json
from pathlib import Path

import click

from nexiom_runner.apply.bring import import_ledger
from nexiom_runner.commands.recorded import entry_of, open_recorded, read_file
from nexiom_runner.commands.reporting import write_text
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.subcommands import Subcommands
from nexiom_runner.errors import LedgerError
from nexiom_runner.ledger.chain import Link, check
from nexiom_runner.ledger.export import write_export
from nexiom_runner.report.words import count


@click.group(cls=Subcommands, short_help="Print the ledger's head, export it, import it")
def command() -> None:
    """The history that nexiom keeps in the database, outside of it.

    \b
    nexiom ledger head -t production > ledger-head.txt
    nexiom ledger export -t production ledger.jsonl
    """


@command.command()
@with_request
def head(request: Request) -> int:
    """Print hash, number of entries and time of the newest entry: for a git tag, a ticket, a CI artifact.

    `nexiom verify --head HASH` compares later. Exits with 2 where the chain does not hold: such a head proves
    nothing.
    """
    with open_recorded(request) as recorded:
        stored, project = recorded.stored(), recorded.project.name
        if fault := check(stored.links, project=project, instance=stored.instance):
            raise LedgerError(fault)
    newest, entries = stored.links[-1], len(stored.links)
    entry = entry_of(newest)
    if request.format == "json":
        where = {"database": entry.where.database, "system": entry.where.system, "target": entry.where.target}
        data = {
            "project": project,
            "head": newest.hash,
            "entries": entries,
            "at": entry.at,
            "instance": stored.instance,
        }
        request.console.out(json.dumps({**data, **where}, ensure_ascii=False, indent=2))
    else:
        request.console.out(f"{newest.hash}  {count(entries, 'entry', 'entries')}  {entry.at}")
    return 0


@command.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@with_request
def export(request: Request, file: Path | None) -> int:
    """Write every entry as it is stored, one JSON line each behind a header, to FILE or stdout.

    `nexiom verify --against FILE` checks it without a database.
    """
    with open_recorded(request) as recorded:
        stored = recorded.stored()
        lines = write_export(recorded.project.name, stored.instance, stored.links)
    text = "".join(f"{line}\n" for line in lines)
    if file is None or str(file) == "-":
        request.console.out(text.removesuffix("\n"))
    else:
        write_text(file, text)
        request.say(f"{_size(stored.links)} to {file}, head {stored.links[-1].hash}")
    return 0


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@with_request
def import_(request: Request, file: Path) -> int:
    """Bring the ledger in FILE into a database that was moved here without it.

    Only where the database has no ledger of this project yet. The chain is checked first; every entry and one
    that says where they come from are added in one transaction. Nothing is applied.
    """
    given = read_file(file)
    with open_recorded(request) as recorded:
        history = import_ledger(recorded.session, recorded.runner(request), given)
        database = recorded.session.server.database
    request.say(f'imported {_size(given.links)} from {file} into database "{database}", head {history.head}')
    return 0


def _size(links: tuple[Link, ...]) -> str:
    return count(len(links), "entry", "entries")
