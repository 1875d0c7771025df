"""What every command is given: where the project is, which target, which variables, where to write."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

import click

from nexiom_runner.commands.completing import complete_target
from nexiom_runner.plan.model import Step

FORMATS = ("junit", "json", "markdown", "sarif", "github")
STDOUT = Path("-")
_WITH_RESULTS = ("build", "apply", "audit", "test", "lint", "rehearse", "report")


class Console(Protocol):
    """Where words go. The command line's knows terminals; a test's keeps lists."""

    def out(self, text: str) -> None:
        """Data, to stdout."""

    def note(self, text: str) -> None:
        """What happens meanwhile, to stderr."""

    def working(self, text: str) -> None:
        """What is running now; shown on a terminal alone, with how long it has been, until the next word."""


@dataclass(frozen=True, slots=True)
class Request:
    """The common options of every command and the world it runs in."""

    console: Console
    environ: Mapping[str, str]
    now: Callable[[], datetime]
    project_dir: Path | None = None
    target: str | None = None
    variables: tuple[tuple[str, str], ...] = ()
    outs: tuple[tuple[str, Path], ...] = ()
    format: str = "text"
    quiet: bool = False
    verbose: bool = False

    @property
    def today(self) -> date:
        """The day, in UTC."""
        return self.now().astimezone(UTC).date()

    def say(self, text: str) -> None:
        """Text for people, unless --quiet or another format was asked for."""
        if not self.quiet and self.format == "text":
            self.console.out(text)

    def sends(self, step: Step) -> None:
        """With --verbose the SQL of a script that is about to run, secrets hidden."""
        if self.verbose and step.script is not None:
            self.console.note(f"-- {step.key}\n{step.script.rendered.text.rstrip()}\n")

    def fail(self, text: str) -> None:
        """Text about a failure: also with --quiet; beside the data when that is JSON."""
        (self.console.out if self.format == "text" else self.console.note)(text)


def with_request(function: Callable[..., int]) -> Callable[..., int]:
    """Add the common options to a click command and pass them as its first argument, a Request."""

    @wraps(function)
    def run(**options: Any) -> int:
        request = Request(
            console=click.get_current_context().obj,
            environ=os.environ,
            now=_now,
            project_dir=options.pop("project_dir"),
            target=options.pop("target"),
            variables=options.pop("variables"),
            outs=options.pop("outs"),
            format=options.pop("output_format"),
            quiet=options.pop("quiet"),
            verbose=options.pop("verbose"),
        )
        if request.outs and click.get_current_context().info_name not in _WITH_RESULTS:
            raise click.UsageError(f"--out writes what {', '.join(_WITH_RESULTS)} find; this command finds nothing")
        return function(request, **options)

    decorated: Any = run
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def _now() -> datetime:
    return datetime.now(UTC)


def _pairs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    split = [value.partition("=") for value in values]
    for name, equals, _value in split:
        if not equals or not name:
            raise click.BadParameter(f"expected NAME=VALUE, found {name}")
    return tuple((name, value) for name, _, value in split)


def _outs(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, Path], ...]:
    split = [value.partition("=") for value in values]
    for name, equals, path in split:
        if name not in FORMATS or not equals or not path:
            raise click.BadParameter(f"expected {'|'.join(FORMATS)}=PATH, found {name}{equals}{path}")
        if problem := _unwritable(Path(path)):
            raise click.BadParameter(f'cannot write "{path}": {problem}')
    return tuple((name, Path(path)) for name, _, path in split)


def _unwritable(path: Path) -> str | None:
    """Why a file cannot be written there; known before an hour of work, not after it."""
    if path == STDOUT:
        return None
    if path.is_dir():
        return "is a directory"
    there = next(folder for folder in path.absolute().parents if folder.exists())
    if not there.is_dir():
        return f'"{there}" is not a directory'
    return None if os.access(there, os.W_OK) else f'"{there}" is not writable'


_OPTIONS = (
    click.option(
        "--project-dir",
        type=click.Path(path_type=Path),
        help="Folder of nexiom.yml; else found from here upwards.",
    ),
    click.option(
        "-t",
        "--target",
        metavar="NAME",
        shell_complete=complete_target,
        help="Target of nexiom.yml; else NEXIOM_TARGET, else default_target.",
    ),
    click.option(
        "--var", "variables", multiple=True, metavar="K=V", callback=_pairs, help="Set a variable of nexiom.yml."
    ),
    click.option(
        "--out",
        "outs",
        multiple=True,
        metavar="FORMAT=PATH",
        callback=_outs,
        help="Also write junit, json, markdown, sarif or github; - is stdout.",
    ),
    click.option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json"]),
        default="text",
        help="What stdout carries.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Silent but for failures."),
    click.option("-v", "--verbose", is_flag=True, help="Add the SQL that is sent."),
)


@contextmanager
def written_atomically(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, moved over it at the end; nothing half-written is left behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
