"""The next transaction, composed while the server runs the last one: the hash it follows is known before it is read."""

import time
from dataclasses import dataclass, field

from nexiom_runner.apply.message import Message
from nexiom_runner.ledger.chain import entry_hash
from nexiom_runner.ledger.entry import Entry, canonical

FRESH = 1.0  # seconds for which an entry's time is still the time it is sent at


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole transaction as it is sent: segment `at` of a script, its entry behind `previous`."""

    script: str
    at: int
    previous: str
    mark: str
    message: Message
    text: str
    hash: str  # the entry's, as the server will compute it
    made: float = field(default_factory=time.monotonic)

    def fits(self, script: str, at: int, head: str) -> bool:
        """Whether it is what is to be sent now, behind this head of the ledger."""
        asked = (script, at, head)
        return (self.script, self.at, self.previous) == asked and time.monotonic() - self.made < FRESH


def compose(script: str, at: int, previous: str, mark: str, message: Message, entry: Entry, insertion: str) -> Composed:
    """The transaction of a message and its entry's insertion."""
    text = message.opening + message.closing(insertion)
    return Composed(script, at, previous, mark, message, text, entry_hash(previous, canonical(entry)))
