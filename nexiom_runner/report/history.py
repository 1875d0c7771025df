"""The entries of a ledger as people and machines read them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nexiom_runner.ledger.entry import Entry, Event, canonical
from nexiom_runner.report.tables import aligned
from nexiom_runner.report.words import count, moment

COLUMNS = ("when (UTC)", "event", "phase or script", "by", "commit", "reason")


def history_lines(entries: Sequence[Entry], *, verbose: bool = False) -> list[str]:
    """Aligned lines below a header; one that says so where there is nothing.

    `verbose` adds why data was taken away, and what did nothing because of `if exists` or `if not exists`.
    """
    if not entries:
        return ["nothing was applied yet"]
    return aligned([COLUMNS, *(_row(entry, verbose) for entry in entries)])


def history_data(entries: Sequence[tuple[int, Entry]]) -> list[dict[str, Any]]:
    """Each entry's number and everything it says."""
    return [{"number": number, **json.loads(canonical(entry))} for number, entry in entries]


def _row(entry: Entry, verbose: bool) -> tuple[str, ...]:
    cells = (
        moment(entry.at).removesuffix(" UTC"),
        str(entry.event),
        entry.script or entry.phase or "",
        entry.by,
        _commit(entry),
        "; ".join(filter(None, (_reason(entry), *(_kept(entry) if verbose else ())))),
    )
    return tuple(_printable(cell) for cell in cells)


def _commit(entry: Entry) -> str:
    return (entry.who.commit or "")[:9] + (" and more" if entry.who.commit and entry.who.dirty else "")


def _reason(entry: Entry) -> str:
    """What a person said, else what the event says besides: why it failed, where it comes from, which part it was."""
    return "; ".join(part for part in (_part(entry), entry.reason, _detail(entry)) if part)


def _kept(entry: Entry) -> Iterator[str]:
    """What else an entry of something applied holds."""
    if entry.destructive:
        yield f"destructive: {entry.destructive}"
    yield from (f"did nothing: {line}" for line in entry.details.get("vacuous", "").splitlines())
    if found := entry.details.get("found"):
        yield f"found after a run that died: {found}"


def _part(entry: Entry) -> str | None:
    return f"segment {entry.segment} of {entry.segments}" if (entry.segments or 1) > 1 and entry.segment else None


def _detail(entry: Entry) -> str | None:
    said = entry.details
    match entry.event:
        case Event.FAILED:
            place = f" at {said['place']}" if "place" in said else ""
            done = f", after {_batches(said)}" if "batches" in said else ""
            return f"{said.get('message', '')}{place}{done}"
        case Event.APPLIED if "batches" in said:
            return _batches(said)
        case Event.RENAMED:
            return f"was {entry.renamed_from}"
        case Event.UPGRADED:
            return f"from format {said.get('from')} to {said.get('to')}"
        case Event.MOVED:
            return f"a clone or a restore of {_place(entry)}"
        case Event.IMPORTED:
            return f"the {said.get('entries')} entries before it come from {_place(entry)}"
        case _:
            return None


def _batches(said: Mapping[str, str]) -> str:
    """Of a backfill, what was done until then."""
    return f"{count(int(said.get('rows', 0)), 'row')} in {count(int(said['batches']), 'batch', 'batches')}"


def _place(entry: Entry) -> str:
    system = entry.details.get("system")
    return f'database "{entry.details.get("database")}"' + (f" of system {system}" if system else "")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
