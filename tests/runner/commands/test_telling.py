"""How far long work is: a status line, and lines that come rarer the longer it takes."""

from dataclasses import dataclass, field, replace
from typing import Any

from nexiom_runner.commands.request import Request
from nexiom_runner.commands.telling import Telling


@dataclass
class Lists:
    """A console that keeps lists."""

    notes: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)

    def working(self, text: str) -> None:
        self.states.append(text)


def told(seconds: range, **options: Any) -> Lists:
    console = Lists()
    request = Request(console, {}, now=None)  # type: ignore[arg-type]
    clock = iter([0.0, *map(float, seconds)])
    telling = Telling(replace(request, **options), clock=clock.__next__)
    for second in seconds:
        telling(f"at {second}")
    return console


def test_lines_come_rarer_the_longer_it_takes() -> None:
    console = told(range(1, 200))
    assert console.notes == ["at 5", "at 15", "at 35", "at 75", "at 135", "at 195"]
    assert len(console.states) == 199


def test_quiet_work_has_no_lines() -> None:
    assert told(range(1, 200), quiet=True).notes == []
