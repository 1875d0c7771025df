"""Where words go: plain text, and on a terminal colour and a line that says what is running.

Colour repeats what words already say. rich costs 57 ms, so it is met only where there is a terminal.
"""

import re
import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

_STYLES = (
    (re.compile(r"(?<![\w$.])(FAIL|ERROR|NOT READY|BLOCKED|failed|error:)(?!\w)"), "red"),
    (re.compile(r"(?<![\w$.])(PENDING|READY WITH PENDING|UNKNOWN|WARN|waiting|hint:)(?!\w)"), "yellow"),
    (re.compile(r"^(READY)(?!\w| WITH)"), "green"),
)
_NOTHING = re.compile(r"\b0 (failed|waiting|not looked at)")


class PlainConsole:
    """Text as it is, for pipes, files and CI logs."""

    def out(self, text: str) -> None:
        """To stdout."""
        click.echo(text)

    def note(self, text: str) -> None:
        """To stderr."""
        click.echo(text, err=True)

    def working(self, text: str) -> None:
        """Nothing: a log shows what was done, not what is being done."""

    def close(self) -> None:
        """Nothing is left on the screen."""


class TerminalConsole(PlainConsole):
    """Colour on the words that matter, and a status line on stderr."""

    def __init__(self) -> None:
        self._status: Any = None

    def out(self, text: str) -> None:
        """To stdout, coloured."""
        self.close()
        click.echo(coloured(text))

    def note(self, text: str) -> None:
        """To stderr, coloured."""
        self.close()
        click.echo(coloured(text), err=True)

    def working(self, text: str) -> None:
        """A spinner with the time it began, until the next word."""
        self.close()
        screen = import_module("rich.console").Console(stderr=True)
        self._status = screen.status(f"{text}  (since {time.strftime('%H:%M:%S')})", spinner="dots")
        self._status.start()

    def close(self) -> None:
        """Take the status line away."""
        if self._status is not None:
            self._status.stop()
            self._status = None


def coloured(text: str) -> str:
    """The text with outcome words coloured; `0 failed` stays plain."""
    return "\n".join(_coloured_line(line) for line in text.split("\n"))


def _coloured_line(line: str) -> str:
    plain = {match.start(1) for match in _NOTHING.finditer(line)}
    for pattern, colour in _STYLES:
        found = [match for match in pattern.finditer(line) if match.start(1) not in plain]
        if found:
            first = found[0]
            return line[: first.start(1)] + click.style(first.group(1), fg=colour, bold=True) + line[first.end(1) :]
    return line


def make_console(environ: Mapping[str, str], *, terminal: bool) -> PlainConsole:
    """The console that suits: plain where there is no terminal, where it is dumb, or where NO_COLOR is set."""
    plain = environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return TerminalConsole() if terminal and not plain else PlainConsole()
