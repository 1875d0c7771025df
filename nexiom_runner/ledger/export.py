"""A ledger as a file: JSON lines, one entry a line, behind a header that says whose it is and where it ends."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nexiom_runner.errors import Fault, LedgerError, Place, with_source
from nexiom_runner.ledger.chain import FIRST, Link, check
from nexiom_runner.ledger.entry import FORMAT

_KIND = "nexiom ledger"
_HEADER = {"entries": int, "format": int, "head": str, "instance": str, "project": str}
_LINE = ("previous", "hash", "entry")


@dataclass(frozen=True, slots=True)
class Export:
    """What a file holds; `broken` is the first line that is none of an export, where reading stopped."""

    project: str
    instance: str
    links: tuple[Link, ...]
    head: str  # and `entries`: as the header says
    entries: int
    broken: Fault | None = None


def write_export(project: str, instance: str, links: Sequence[Link]) -> Iterator[str]:
    """The lines, as they are stored, whether they hold or not; the same ledger gives the same bytes."""
    head = links[-1].hash if links else FIRST
    yield _line(
        {
            "ledger": _KIND,
            "format": FORMAT,
            "project": project,
            "instance": instance,
            "entries": len(links),
            "head": head,
        }
    )
    for link in links:
        yield _line({name: getattr(link, name) for name in _LINE})


def read_export(text: str, path: str) -> Export:
    """The export a file holds; its entries are numbered from 1. Raises LedgerError where it is none, or a newer one."""
    first, *rest = text.removesuffix("\n").split("\n")
    header = _header(first, path)
    links: list[Link] = []
    broken = None
    for number, line in enumerate(rest, 1):
        link = _link(number, line)
        if link is None:
            fault = Fault(f"line {number + 1} is no line of an export: expected previous, hash and entry")
            broken = with_source(Fault(fault.message, Place(path, number + 1)), text)
            break
        links.append(link)
    return Export(header["project"], header["instance"], tuple(links), header["head"], header["entries"], broken)


def check_export(export: Export) -> Fault | None:
    """The first entry that does not hold, or line that is broken, or that the file does not end where it says."""
    fault = check(export.links, project=export.project) or export.broken
    if fault is not None:
        return fault
    head = export.links[-1].hash if export.links else FIRST
    if (head, len(export.links)) == (export.head, export.entries):
        return None
    return Fault(
        f"the export ends at entry {len(export.links)} with head {head[:12]}…, its header says entry "
        f"{export.entries} with head {export.head[:12]}…",
        hint="Entries were cut off or added after it was written, or its header was changed.",
    )


def _header(line: str, path: str) -> dict[str, Any]:
    data = _object(line)
    if data is None or data.get("ledger") != _KIND:
        hint = "`nexiom ledger export FILE` writes one."
        raise LedgerError(Fault(f'"{path}" is no export of a ledger: its first line is no header of one', hint=hint))
    if isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise LedgerError(
            Fault(
                f'"{path}" is of format {data["format"]}, this nexiom knows up to format {FORMAT}',
                hint="Use the nexiom that wrote it, or a newer one.",
            )
        )
    for key, kind in _HEADER.items():
        if type(data.get(key)) is not kind:
            word = "a number" if kind is int else "a text"
            raise LedgerError(Fault(f'the header of "{path}" does not hold: expected {word} under "{key}"'))
    return data


def _link(number: int, line: str) -> Link | None:
    data = _object(line)
    if data is None or data.keys() != set(_LINE) or not all(isinstance(value, str) for value in data.values()):
        return None
    return Link(number, *(data[name] for name in _LINE))


def _object(line: str) -> dict[str, Any] | None:
    """The JSON object of a line; None for anything else, and for one with text that UTF-8 cannot hold."""
    try:
        data = json.loads(line)
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
