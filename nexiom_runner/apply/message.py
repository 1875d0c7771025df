"""One message a script: begin, settings, the script, its ledger entry, commit; and the way back from its offsets."""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from nexiom_runner.sql.script import Script

Reveal = Callable[[str], str]

BEGIN = "begin isolation level read committed read write"
_HIDDEN = re.compile(r"'‹secret:[^‹›']*›'")


@dataclass(frozen=True, slots=True)
class Message:
    """The text to send; `before` statements go first. `pieces` are (offset sent, offset rendered, verbatim)."""

    text: str
    before: int
    statements: int
    pieces: tuple[tuple[int, int, bool], ...]
    end: int  # where the script ends in `text`
    entry_at: int = -2  # which result is the entry's

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
        return index if 0 <= index < self.statements else None


def make_message(
    script: Script, settings: str, insertion: str, run: str, reveal: Reveal, *, claim: str = ""
) -> Message:
    """The message; secrets stand in it in clear, so it is sent and never shown. `claim` is a statement before all."""
    head = f"{BEGIN};set local nexiom.run = '{run}';{settings};{claim}{';' if claim else ''}\n"
    body, pieces = _revealed(script.text, len(head), reveal)
    leaves = _leaves_settings(script)
    reset = ";reset all" if leaves else ""
    tail = f"\n;reset session authorization;{insertion}{reset};commit"
    end = len(head) + len(body)
    entry_at = -3 if leaves else -2
    before = 4 if claim else 3
    return Message(head + body + tail, before, len(script.statements), pieces, end, entry_at)


def _leaves_settings(script: Script) -> bool:
    """set_config may outlive the transaction and, behind a pooler, reach others; `set` without `local` is refused."""
    return "set_config" in script.text


def _revealed(text: str, start: int, reveal: Reveal) -> tuple[str, tuple[tuple[int, int, bool], ...]]:
    """The text as it is sent, and from where on each stretch of it comes."""
    parts: list[str] = []
    pieces = [(start, 0, True)]
    done, length = 0, start
    for match in _HIDDEN.finditer(text) if "‹secret:" in text else ():
        literal = reveal(match.group())
        parts += [text[done : match.start()], literal]
        length += match.start() - done
        pieces += [(length, match.start(), False), (length + len(literal), match.end(), True)]
        done, length = match.end(), length + len(literal)
    return "".join([*parts, text[done:]]), tuple(pieces)


def _sent_at(piece: tuple[int, int, bool]) -> int:
    return piece[0]
