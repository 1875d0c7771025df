"""`nexiom verify`: recompute the chain of the ledger, from the database or from an export of it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from nexiom_runner.commands.recorded import open_recorded, read_file
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.errors import Fault, LedgerError, UsageError, describe
from nexiom_runner.ledger.chain import FIRST, LIMITS, Link, check, entries_after
from nexiom_runner.ledger.entry import parse
from nexiom_runner.ledger.export import check_export
from nexiom_runner.report.words import count, moment


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was looked at and the first thing that does not hold."""

    project: str
    place: str  # database "shop", export.jsonl
    links: Sequence[Link]
    fault: Fault | None
    note: str | None = None


def _head(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """The hash, or the one at the start of the line that `nexiom ledger head` prints."""
    if value is None:
        return None
    word = (value.split() or [""])[0].lower()
    if not re.fullmatch("[0-9a-f]{64}", word):
        raise click.BadParameter(f"expected 64 hexadecimal digits, found {word}")
    return word


@click.command(short_help="Recompute the chain of the ledger")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check an export of the ledger; needs no database and no project.",
)
@click.option(
    "--head", metavar="HASH", callback=_head, help="A head noted elsewhere, or the line it was noted as: find it."
)
@with_request
def command(request: Request, against: Path | None, head: str | None) -> int:
    """Recompute every hash of the ledger and name the first entry that does not hold.

    Exits with 1 where one does not hold, or the anchored head is not found. A chain does not show a cut
    tail or a whole chain written anew; a head that was noted elsewhere does (nexiom ledger head).

    \b
    nexiom verify --target production --head "$(cat ledger-head.txt)"
    nexiom verify --against ledger.jsonl
    """
    if head == FIRST:
        message = "64 zeros are the head of no entry: an anchor on nothing proves nothing"
        raise UsageError(Fault(message, hint="Note the head of a ledger with `nexiom ledger head`."))
    looked = _database(request) if against is None else _file(against)
    lost = _lost(looked, head)
    faults = [fault for fault in (looked.fault, lost) if fault is not None]
    if request.format == "json":
        request.console.out(json.dumps(_data(looked, head), ensure_ascii=False, indent=2))
    elif not faults:
        for line in _lines(looked, head):
            request.say(line)
    for fault in faults:
        request.fail(describe(fault))
    return int(bool(faults))


def _database(request: Request) -> _Looked:
    with open_recorded(request) as recorded:
        stored, project = recorded.stored(), recorded.project.name
        fault = check(stored.links, project=project, instance=stored.instance)
        note = None if fault else recorded.move(stored.links[-1])
        return _Looked(project, f'database "{recorded.session.server.database}"', stored.links, fault, note)


def _file(path: Path) -> _Looked:
    export = read_file(path)
    return _Looked(export.project, str(path), export.links, check_export(export))


def _lost(looked: _Looked, head: str | None) -> Fault | None:
    """The anchored head is not in the ledger."""
    if head is None or entries_after(looked.links, head) is not None:
        return None
    newest = f", the newest with head {looked.links[-1].hash}" if looked.links else ""
    return Fault(
        f'no entry of project "{looked.project}" in {looked.place} has the anchored head {head}',
        detail=f"It has {count(len(looked.links), 'entry', 'entries')}{newest}.",
        hint="Its newest entries were cut off, it was written anew, or an older point was restored; or the head is "
        "another ledger's.",
    )


def _lines(looked: _Looked, head: str | None) -> list[str]:
    entries = count(len(looked.links), "entry", "entries")
    lines = [f'the chain holds: {entries} of project "{looked.project}" in {looked.place}']
    if looked.links:
        lines.append(f"head    {looked.links[-1].hash}, {moment(_at(looked.links[-1]) or '')}")
    lines.append(f"anchor  {_anchored(looked.links, head)}" if head else f"note: {LIMITS}")
    return [*lines, *([f"note: {looked.note}"] if looked.note else [])]


def _anchored(links: Sequence[Link], head: str) -> str:
    after = entries_after(links, head)
    if not after:
        return "found as the newest entry: nothing was cut off, and nothing up to it was changed"
    at = len(links) - after
    return (
        f"found as entry {links[at - 1].number}, followed by {count(after, 'entry', 'entries')}: nothing up to it was "
        "changed; of what followed the chain alone speaks"
    )


def _data(looked: _Looked, head: str | None) -> dict[str, Any]:
    after = entries_after(looked.links, head) if head else None
    state = None if head is None else "not found" if after is None else "earlier" if after else "newest"
    newest = looked.links[-1] if looked.links else None
    fault = looked.fault
    return {
        "project": looked.project,
        "in": looked.place,
        "holds": fault is None,
        "entries": len(looked.links),
        "head": newest.hash if newest else None,
        "at": _at(newest) if newest else None,
        "fault": {"message": fault.message, "detail": fault.detail, "hint": fault.hint} if fault else None,
        "anchor": {"head": head, "state": state, "entries_after": after} if head else None,
        "note": looked.note,
        "limits": None if head else LIMITS,
    }


def _at(link: Link) -> str | None:
    try:
        return parse(link.entry).at
    except LedgerError:
        return None
