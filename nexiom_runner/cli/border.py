"""The one border where an error becomes text and an exit code."""

import os
import re
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

import click

from nexiom_runner import __version__
from nexiom_runner.cli.console import make_console
from nexiom_runner.cli.group import nexiom
from nexiom_runner.errors import Fault, NexiomError, describe

INTERRUPTED = 130
TERMINATED = 143  # 128 and the signal's number, as a shell says it
FAULT_OF_NEXIOM = 3
_OUT = re.compile(r"unexpected extra arguments? \(((?:junit|json|markdown)=\S+)\)")
_NOTHING_GIVEN: tuple[type, ...] = tuple(filter(None, [getattr(click.exceptions, "NoArgsIsHelpError", None)]))  # 8.2


def run(arguments: Sequence[str]) -> int:
    """Run one command; every ending is an exit code: 0, 1, 2, 3, 4, 130 or 143.

    SIGTERM ends it as Ctrl-C does: what runs is rolled back, and what stays is said.
    """
    terminated: list[int] = []
    with _terminable(terminated):
        code = _run(arguments)
    return TERMINATED if terminated and code == INTERRUPTED else code


def _run(arguments: Sequence[str]) -> int:
    console = make_console(os.environ, terminal=sys.stdout.isatty() and sys.stderr.isatty())
    stdout = sys.stdout
    try:
        code = nexiom.main(args=list(arguments), prog_name="nexiom", standalone_mode=False, obj=console)
        console.close()
        sys.stdout.flush()
    except BaseException as ending:
        console.close()
        if sys.stdout is not stdout:  # click muffles it on EPIPE, and exits
            return _reader_left()
        return _code_of(ending)
    return code if isinstance(code, int) else 0


@contextmanager
def _terminable(heard: list[int]) -> Iterator[None]:
    """SIGTERM interrupts, and is put down in `heard`; nothing where somebody else handles it, or in a thread."""

    def interrupt(number: int, _: FrameType | None) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    if current_thread() is not main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _code_of(ending: BaseException) -> int:
    match ending:
        case click.exceptions.Exit():
            return ending.exit_code
        case click.ClickException() if isinstance(ending, _NOTHING_GIVEN):
            click.echo(ending.format_message(), err=True)
            return 2
        case click.ClickException():
            return _refused(ending)
        case NexiomError():
            return _failed(ending)
        case KeyboardInterrupt() | click.Abort():
            told = str(ending.__cause__ or ending) or "What is applied stays applied. Running again is safe."
            click.echo(f"interrupted\nstate: {told}", err=True)
            return INTERRUPTED
        case BrokenPipeError():
            return _reader_left()
        case Exception():
            return _own_fault(ending)
        case _:
            raise ending


def _reader_left() -> int:
    """`nexiom ls | head -1` is no failure."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _refused(refusal: click.ClickException) -> int:
    context = getattr(refusal, "ctx", None)
    where = context.command_path if context is not None else "nexiom"
    message = refusal.format_message().rstrip(".")
    extra = _OUT.search(message)
    hint = f"repeat --out: --out {extra[1]}" if extra else f"`{where} --help` shows what it takes"
    click.echo(f"error: {message[:1].lower()}{message[1:]}\nhint: {hint}", err=True)
    return 2


def _failed(error: NexiomError) -> int:
    for fault in error.faults:
        click.echo(describe(fault), err=True)
    if len(error.faults) > 1:
        click.echo(f"{len(error.faults)} errors", err=True)
    return error.exit_code


def _own_fault(fault: Exception) -> int:
    told = Fault(
        f"a fault in nexiom {__version__}: {type(fault).__name__}: {fault}",
        detail="".join(traceback.format_exception(fault)).rstrip(),
        hint="please report it with the lines above; running again is safe",
    )
    click.echo(describe(told), err=True)
    return FAULT_OF_NEXIOM
