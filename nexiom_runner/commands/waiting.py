"""`--wait` and `--wait-for-server`, the same on every command that applies; and what else an apply is told."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

import click

from nexiom_runner.apply.run import Options
from nexiom_runner.commands.opened import Opened, announce
from nexiom_runner.commands.request import Request
from nexiom_runner.commands.telling import Telling
from nexiom_runner.project.durations import FORM, parse_duration


@dataclass(frozen=True, slots=True)
class Waits:
    """How many seconds are waited for another runner's lock, and for a server that is not there yet."""

    lock: float = 60.0
    server: float = 0.0


ONE_MINUTE = Waits()


def apply_options(request: Request, opened: Opened, to: str | None, waits: Waits, *, compares: bool = True) -> Options:
    """How an apply goes that a command begins: up to which phase, how long for the lock, who hears what.

    `compares`: the command audits the catalog afterwards.
    """
    return Options(
        to=to,
        wait=waits.lock,
        phases=lambda: opened.project.phases,
        planned=partial(announce, request, opened, compares=compares),
        said=request.console.note,
        progress=Telling(request),
    )


def with_waits(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add both options and pass them as `waits`."""

    @wraps(function)
    def run(*arguments: Any, wait: float, wait_for_server: float, **options: Any) -> Any:
        return function(*arguments, waits=Waits(wait, wait_for_server), **options)

    decorated: Any = run
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def _seconds(_: click.Context, __: click.Parameter, text: str) -> float:
    found = parse_duration(text)
    if found is None:
        raise click.BadParameter(f"expected {FORM}, found {text}")
    return found / 1_000


_OPTIONS = (
    click.option(
        "--wait",
        metavar="DURATION",
        default="1m",
        show_default=True,
        callback=_seconds,
        help="How long to wait for another runner: 500ms, 5s, 2m; 0: not at all.",
    ),
    click.option(
        "--wait-for-server",
        metavar="DURATION",
        default="0",
        callback=_seconds,
        help="How long to try a server that does not answer yet.",
    ),
)
