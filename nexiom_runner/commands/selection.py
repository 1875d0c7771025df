"""`--select` and `--exclude`, the same on every command that has them."""

from collections.abc import Callable
from typing import Any

import click

from nexiom_runner.commands.completing import complete_phase

_HELP = "Only these phases: a name, a glob, tag:X, +phase (and what it needs), phase+ (and what needs it)."


def selectable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --select and --exclude, each repeatable."""
    for option in (
        click.option(
            "--exclude",
            multiple=True,
            metavar="SELECTOR",
            shell_complete=complete_phase,
            help="Not these phases; same forms.",
        ),
        click.option("-s", "--select", multiple=True, metavar="SELECTOR", shell_complete=complete_phase, help=_HELP),
    ):
        function = option(function)
    return function
