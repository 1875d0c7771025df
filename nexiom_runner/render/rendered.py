"""Rendered text with the way back: each of its characters has a place in the file the user wrote."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.outline import Source


class Segment(NamedTuple):
    """From `start` of the rendered text on: the source's own characters from `origin` on, or what `origin` made."""

    start: int
    origin: int
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a source renders to. `segments` is None where the text is the source's own."""

    source: Source
    text: str
    segments: tuple[Segment, ...] | None = None

    def origin(self, offset: int) -> int:
        """The offset in the source of a character of the text; text an expression made comes from its `{{`."""
        if not self.segments:
            return offset
        segment = self.segments[bisect_right(self.segments, offset, key=_start) - 1]
        return segment.origin + (offset - segment.start if segment.verbatim else 0)

    def place(self, offset: int) -> Place:
        """Where in the source a character of the text comes from."""
        return place_in(self.source.path, self.source.text, self.origin(offset))

    def fault(self, message: str, offset: int, width: int = 1, **fields: str) -> Fault:
        """A fault at a character of the text, with the source's line; `fields` are detail, state and hint."""
        place = self.place(offset)
        return Fault(message, place, source_line(self.source.text, place.line), width, **fields)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names X in the text as ‹secret:X›, in order, each once."""
        return tuple(dict.fromkeys(SECRET.findall(self.text))) if SECRET_OPENING in self.text else ()


def place_in(path: str, text: str, offset: int) -> Place:
    """The place of a character of a file's text."""
    line = text.count("\n", 0, offset) + 1
    return Place(path, line, offset - text.rfind("\n", 0, offset))


def source_line(text: str, line: int) -> str:
    """A line of a text by its number from 1."""
    return text.split("\n")[line - 1]


def _start(segment: Segment) -> int:
    return segment.start


SECRET_OPENING = "‹secret:"
BATCH = "‹batch›"  # what {{ batch }} renders to: how many rows it is, is said elsewhere and is in no fingerprint
SECRET = re.compile(r"‹secret:([^‹›]*)›")
