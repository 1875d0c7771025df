"""The chain of a ledger: each entry's hash covers the text and all that went before."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from nexiom_runner.errors import Fault, LedgerError
from nexiom_runner.ledger.entry import Entry, parse

FIRST = "0" * 64
LIMITS = (
    "A chain does not show that its newest entries were cut off, that the owner wrote all of it anew, or that an "
    "older point was restored: a head noted outside the database does (`nexiom ledger head`, `nexiom verify --head`). "
    "Whoever may write to the ledger may also add an entry behind the newest one."
)


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the ledger as stored. `number` is its place in the table; `columns` are those read out of the entry."""

    number: int
    previous: str
    hash: str
    entry: str
    instance: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))


def entry_hash(previous: str, text: str) -> str:
    """Lower-case hex sha256 of the UTF-8 of `previous` (hex) followed by the entry's text."""
    return hashlib.sha256((previous + text).encode()).hexdigest()


def check(links: Sequence[Link], *, project: str | None = None, instance: str | None = None) -> Fault | None:
    """The first entry that does not hold and why, or None.

    Looked at are what it follows, its hash, that it is an entry of this `project` and `instance` (where given), and
    that the columns stored beside it say what it says. LIMITS tells what nothing inside a chain can show.
    """
    expected = FIRST
    for index, link in enumerate(links):
        if link.previous != expected:
            return _stranger(links, index, expected)
        expected = entry_hash(link.previous, link.entry)
        if link.hash != expected:
            return _fault(
                link,
                f"does not hold: expected hash {expected[:12]}…, found {link.hash[:12]}…",
                "Its text or its hash was changed.",
            )
        if fault := _says_otherwise(link, project, instance):
            return fault
    return None


def entries_after(links: Sequence[Link], head: str) -> int | None:
    """How many entries came after the one whose hash is `head`; None where no entry has it."""
    hashes = [FIRST, *(link.hash for link in links)]
    return len(hashes) - 1 - hashes.index(head) if head in hashes else None


def _stranger(links: Sequence[Link], index: int, expected: str) -> Fault:
    """The entry that does not follow the one before it."""
    link = links[index]
    message = f"does not follow the entry before it: expected previous {expected[:12]}…, found {link.previous[:12]}…"
    return _fault(link, message, _why(links, index, expected))


def _why(links: Sequence[Link], index: int, expected: str) -> str:
    link = links[index]
    if link.hash == entry_hash(expected, link.entry):
        return "What it says it follows was changed; its hash still covers the entry before it."
    for before in links[:index]:
        if before.previous == link.previous:
            return f"Entry {before.number} follows the same one: one of the two was put in."
    for behind in links[index + 1 :]:
        if behind.hash == link.previous:
            return f"It follows entry {behind.number}, which stands behind it: entries were moved."
    return "The entry it follows is not there: it was deleted, or written anew together with its hash."


def _says_otherwise(link: Link, project: str | None, instance: str | None) -> Fault | None:
    """Where the text is no entry, of something else, or not what the columns beside it say."""
    try:
        entry = parse(link.entry)
    except LedgerError as error:
        return _fault(link, f"cannot be read: {error.faults[0].message}", None)
    if project is not None and entry.project != project:
        message = f'is of project "{entry.project}", expected "{project}"'
        return _fault(link, message, "It was brought in from another history.")
    if instance is not None and link.instance != instance:
        message = f"is of instance {link.instance}, this ledger is {instance}"
        return _fault(link, message, "It was brought in from another ledger.")
    for column, value in link.columns.items():
        if (said := getattr(entry, column)) != value:
            message = f"and its column {column} differ: the entry says {_shown(said)}, the column {_shown(value)}"
            return _fault(link, message, "The column was changed; the entry holds.")
    return None


def _fault(link: Link, message: str, hint: str | None) -> Fault:
    return Fault(f"ledger entry {link.number} {message}", detail=_about(link), hint=hint)


def _about(link: Link) -> str | None:
    """What the entry says it is, as far as it can be read."""
    try:
        return f"It says: {told(parse(link.entry))}."
    except LedgerError:
        return None


def told(entry: Entry) -> str:
    """`applied 02_views/apply.sql, 2026-11-22T15:10:00Z, by ada`."""
    what = entry.script or entry.phase
    return f"{entry.event}{f' {what}' if what else ''}, {entry.at}, by {entry.by}"


def _shown(value: str | None) -> str:
    return "nothing" if value is None else f'"{value}"'
