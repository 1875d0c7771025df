"""How much a template may do, and the user's mistakes found while it runs."""

import time
from dataclasses import dataclass, field

MOST_WORK = 100_000_000  # characters made; an item of a list counts as ten, a turn of a loop as 500, a call as 2,000
MOST_SECONDS = 20.0


class Mistake(Exception):
    """What a template does wrong, in our words. Becomes a Fault where its place is known."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(slots=True)
class Run:
    """The rendering of one template: where it is and what it may still do."""

    name: str = ""
    offset: int = 0
    work: int = MOST_WORK
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)

    def at(self, name: str, offset: int) -> None:
        """Note the expression or tag that is being evaluated."""
        self.name = name
        self.offset = offset

    def pay(self, amount: int) -> None:
        """Take work off what is left. Raises Mistake when nothing is, or when the time is over.

        The amount decides, so that the same template fails on every machine; the clock only backs it up.
        """
        self.work -= amount + 1
        if self.work < 0 or time.monotonic() > self.until:
            raise Mistake("template does too much", "Loop over less, or write the SQL itself.")
