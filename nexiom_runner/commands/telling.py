"""How far long work is: on a terminal's status line, and now and then as a line on stderr."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from nexiom_runner.commands.request import Request

FIRST, LONGEST = 5.0, 60.0  # seconds before the first line, and at most between two


@dataclass(slots=True)
class Telling:
    """Hears how far it is, as often as it likes. Lines come rarer the longer it takes; none with --quiet."""

    request: Request
    clock: Callable[[], float] = time.monotonic
    rest: float = FIRST
    last: float = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.clock()

    def __call__(self, text: str) -> None:
        """Say how far it is."""
        now = self.clock()
        if now - self.last >= self.rest and not self.request.quiet:
            self.request.console.note(text)
            self.last, self.rest = now, min(LONGEST, 2 * self.rest)
        self.request.console.working(text)
