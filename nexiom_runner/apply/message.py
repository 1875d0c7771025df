"""One message a transaction: begin, settings, statements, their ledger entry, commit; the way back from offsets."""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Segment

Reveal = Callable[[str], str]

BEGIN = "begin isolation level read committed read write"
WAIT_FOR_NO_DISK = "set local synchronous_commit = off"
_HIDDEN = re.compile(r"'‹secret:[^‹›']*›'")


@dataclass(frozen=True, slots=True)
class Message:
    """`opening` begins the transaction and ends with the script's statements; what is sent behind it commits them.

    `before` statements go in front of the script's, which begin with its `first` (from 0). `pieces` are (offset sent,
    offset rendered, verbatim).
    """

    opening: str
    before: int
    first: int
    statements: int
    pieces: tuple[tuple[int, int, bool], ...]
    end: int  # where the script ends in `opening`
    leaves: bool = False  # a setting may outlive the transaction
    waits: bool = True  # its commit waits for the disk

    @property
    def entry_at(self) -> int:
        """Which result, from the last, is the entry's."""
        return -3 if self.leaves else -2

    def closing(self, insertion: str) -> str:
        """What ends the transaction: the entry, and commit."""
        return f"\n;reset session authorization;{insertion}{';reset all' if self.leaves else ''};commit"

    def offset(self, position: int) -> int | None:
        """The offset in the rendered text of a position the server names (from 1); None outside of the script."""
        sent = position - 1
        if not self.pieces[0][0] <= sent < self.end:
            return None
        start, rendered, verbatim = self.pieces[bisect_right(self.pieces, sent, key=_sent_at) - 1]
        return rendered + (sent - start if verbatim else 0)

    def failing(self, completed: int) -> int | None:
        """Which of the script's statements (from 0) failed when so many of the message went through."""
        index = completed - self.before
        return self.first + index if 0 <= index < self.statements else None


def make_message(
    script: Script, segment: Segment, settings: str, run: str, reveal: Reveal, *, claim: str = "", waits: bool = True
) -> Message:
    """The message of one transaction; secrets stand in it in clear, so it is sent and never shown. `claim` is a
    statement before all; where it does not wait, a later commit has to, that all be on disk."""
    first = [BEGIN, f"set local nexiom.run = '{run}'", settings, claim, "" if waits else WAIT_FOR_NO_DISK]
    given = [each for each in first if each]
    head = ";".join(given) + ";\n"
    body, pieces = _revealed(script.text[segment.start : segment.end], len(head), segment.start, reveal)
    size = segment.last - segment.first
    end = len(head) + len(body)
    return Message(head + body, len(given), segment.first, size, pieces, end, _leaves_settings(script), waits)


def lone_message(script: Script, segment: Segment, mark: str, reveal: Reveal) -> Message:
    """The message of a statement outside of any transaction: itself alone, behind a comment by which it is known."""
    head = f"/* nexiom {mark} */ "
    body, pieces = _revealed(script.text[segment.start : segment.end], len(head), segment.start, reveal)
    return Message(head + body, 0, segment.first, 1, pieces, len(head) + len(body))


def _leaves_settings(script: Script) -> bool:
    """set_config may outlive the transaction and, behind a pooler, reach others; `set` without `local` is refused."""
    return "set_config" in script.text


def _revealed(text: str, start: int, origin: int, reveal: Reveal) -> tuple[str, tuple[tuple[int, int, bool], ...]]:
    """The text as it is sent from `start` on, and from where on in the script, `origin` first, each stretch comes."""
    parts: list[str] = []
    pieces = [(start, origin, True)]
    done, length = 0, start
    for match in _HIDDEN.finditer(text) if "‹secret:" in text else ():
        literal = reveal(match.group())
        parts += [text[done : match.start()], literal]
        length += match.start() - done
        pieces += [(length, origin + match.start(), False), (length + len(literal), origin + match.end(), True)]
        done, length = match.end(), length + len(literal)
    return "".join([*parts, text[done:]]), tuple(pieces)


def _sent_at(piece: tuple[int, int, bool]) -> int:
    return piece[0]
