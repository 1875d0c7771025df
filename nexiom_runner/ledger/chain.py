"""The chain of a ledger: each entry's hash covers the text and all that went before."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from nexiom_runner.errors import Fault

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """A row of the ledger as stored: `number` is its place in the table."""

    number: int
    previous: str
    hash: str
    entry: str


def entry_hash(previous: str, text: str) -> str:
    """Lower-case hex sha256 of the UTF-8 of `previous` (hex) followed by the entry's text."""
    return hashlib.sha256((previous + text).encode()).hexdigest()


def check(links: Iterable[Link]) -> Fault | None:
    """The first entry that does not hold, or None.

    Nothing inside a chain shows a cut tail or a whole chain written anew: compare its head with one
    that was noted elsewhere.
    """
    expected = FIRST
    for link in links:
        if link.previous != expected:
            return Fault(
                f"ledger entry {link.number} does not follow the entry before it: "
                f"expected previous {expected[:12]}…, found {link.previous[:12]}…",
                hint="An entry was inserted, deleted or moved.",
            )
        expected = entry_hash(link.previous, link.entry)
        if link.hash != expected:
            return Fault(
                f"ledger entry {link.number} does not hold: expected hash {expected[:12]}…, found {link.hash[:12]}…",
                hint="Its text or its hash was changed.",
            )
    return None
