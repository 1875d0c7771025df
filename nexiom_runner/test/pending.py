"""Pending keys: one result a key, however many calls or rows saw it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from nexiom_runner.results import Kind, Outcome, Result
from nexiom_runner.shape.model import PendingTrue, Shape
from nexiom_runner.shape.walker import Pending, pending_keys


@dataclass(slots=True)
class Waiting:
    """The pending keys of one function or asserted statement, and what was seen of them.

    `says` is the subject of the message: `settings_overview()`. A key that no call saw is not green.
    """

    phase: str | None
    subject: str
    says: str
    keys: dict[str, PendingTrue] = field(default_factory=dict)
    seen: dict[str, list[Pending]] = field(default_factory=dict)
    calls: int = 0
    failed: int = 0
    target: str = ""

    def expect(self, shape: Shape | None) -> None:
        """The keys of a shape that a call's result must have."""
        if shape is not None:
            self.keys.update(pending_keys(shape))

    def see(self, found: tuple[Pending, ...], *, failed: bool) -> None:
        """What one call returned."""
        self.calls += 1
        self.failed += failed
        for pending in found:
            self.seen.setdefault(pending.key, []).append(pending)

    def results(self, today: date) -> Iterator[Result]:
        """FAIL where one is overdue, else PENDING where one is false, PASS where all were true; in written order."""
        for key, shape in self.keys.items():
            outcome, message = self._outcome(key, shape, today)
            yield Result(
                outcome,
                Kind.PENDING_KEY,
                self.phase,
                self.subject,
                key,
                place=shape.place,
                message=message,
                owner=shape.owner,
                until=None if shape.until is None else shape.until.isoformat(),
            )

    def _outcome(self, key: str, shape: PendingTrue, today: date) -> tuple[Outcome, str | None]:
        seen = self.seen.get(key, [])
        if not seen:
            outcome = Outcome.BLOCKED if self.failed else Outcome.SKIP
            return outcome, f"{self.says} was not looked at" if not self.calls else f"{self.says} does not say"
        if all(pending.done for pending in seen):
            return Outcome.PASS, None
        if self.target in shape.required:
            return Outcome.FAIL, f"{self.says} says it is not set, and {self.target} requires it of {shape.owner}"
        if any(pending.expired(today) for pending in seen):
            return Outcome.FAIL, f"{self.says} says it is not set; {shape.owner} had until {shape.until}"
        return Outcome.PENDING, f"{self.says} says it is not set"
