"""How tests are run, as the command line says: on how many sessions, in which order, which of them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import click

from nexiom_runner.commands.last_failed import LastFailed
from nexiom_runner.commands.opened import Opened
from nexiom_runner.commands.request import Request
from nexiom_runner.database.copies import copies_of
from nexiom_runner.errors import TargetError
from nexiom_runner.project.in_force import CallInForce
from nexiom_runner.project.outline import Thresholds
from nexiom_runner.test.suite import Piece, Suite
from nexiom_runner.test.test import ALONE, Running


@dataclass(frozen=True, slots=True)
class Testing:
    """`seed` shuffles; of `failed` tests alone are run where it names any."""

    workers: int = 1
    seed: int | None = None
    failed: LastFailed | None = None
    least: int | None = None  # percent of the functions


PLAIN = Testing()


def coverage_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --min-coverage, which stands for `coverage: {functions: …}` of nexiom.yml."""
    return click.option(
        "--min-coverage",
        type=click.IntRange(0, 100),
        metavar="PERCENT",
        help="Fail where the tests call less of the functions that others may execute.",
    )(function)


def thresholds(opened: Opened, least: int | None) -> Thresholds:
    """What nexiom.yml states, or the command line in its place."""
    stated = opened.settings.coverage
    return stated if least is None else replace(stated, functions=least, place=None)


@contextmanager
def running(request: Request, opened: Opened, testing: Testing, phases: Collection[str]) -> Iterator[Running]:
    """The sessions to run on: the target's own, or one a worker on a copy of its database each; and copies for
    calls of these phases that commit.

    Where the database cannot be copied one worker runs, which is said. The target's session may be a new one.
    """
    chosen = replace(ALONE, seed=testing.seed)
    if testing.failed is not None and testing.failed.subjects:
        chosen = replace(chosen, wanted=partial(_failed, testing.failed.subjects))
    if testing.workers == 1 and not _commits(opened, phases):
        yield chosen
        return
    with ExitStack() as stack:
        try:
            copies = stack.enter_context(copies_of(opened.place))
        except TargetError as error:
            why = error.faults[0].message
            if testing.workers > 1:
                request.console.note(f"one worker runs: {why}")
            yield replace(chosen, no_copies=why)
            return
        made = [stack.enter_context(copies.copy()) for _ in range(testing.workers if testing.workers > 1 else 0)]
        sessions = tuple(stack.enter_context(one.connect()) for one in made)
        yield replace(chosen, sessions=sessions, copies=copies)


def _commits(opened: Opened, phases: Collection[str]) -> bool:
    """Whether a call of these phases commits."""
    functions = (function for phase in opened.project.phases if phase.name in phases for function in phase.functions)
    return any(call.commits for function in functions for call in function.calls)


def _failed(subjects: Sequence[str], suite: Suite, piece: Piece) -> bool:
    """Whether one of these subjects is of the piece; a pending key's is that of its function's every call."""
    if not isinstance(piece, CallInForce):
        path = piece.test.source.path
        return any(subject == path or subject.startswith(f"{path}: ") for subject in subjects)
    name = suite.name(piece)
    of_function = f"function {name if '(' in name else f'{name}()'}"
    return of_function in subjects or f"{name}: {piece.call.name}" in subjects
