"""How a command that checks ends: the readiness of the project, what is printed, what is written, the exit code."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from nexiom_runner import __version__
from nexiom_runner.commands.opened import Opened
from nexiom_runner.commands.prepared import find_project
from nexiom_runner.commands.request import STDOUT, Request, written_atomically
from nexiom_runner.errors import Fault, UsageError, describe
from nexiom_runner.lint.rule import all_rules
from nexiom_runner.report.as_json import render_json
from nexiom_runner.report.failures import failures
from nexiom_runner.report.github import render_github
from nexiom_runner.report.junit import render_junit
from nexiom_runner.report.lines import coverage_lines, phase_line, server_lines, skipped, summary, verdict_line
from nexiom_runner.report.markdown import render_markdown
from nexiom_runner.report.matrix import matrix_lines
from nexiom_runner.report.readiness import (
    Readiness,
)
from nexiom_runner.report.sarif import render_sarif
from nexiom_runner.results import Kind, Outcome, Result, exit_code

REPORT = Path("target/readiness.md")
LAST_CHECKED = Path("target/readiness.json")
_RAISED = {"pending": Outcome.PENDING, "warn": Outcome.WARN, "skip": Outcome.SKIP}


def _fail_on(_: click.Context, __: click.Parameter, value: str) -> frozenset[Outcome]:
    words = [word.strip().lower() for word in value.split(",") if word.strip()]
    for word in words:
        if word not in _RAISED:
            raise click.BadParameter(f"expected {', '.join(_RAISED)}, found {word}")
    return frozenset(_RAISED[word] for word in words)


def fail_on_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --fail-on, a comma-separated list of outcomes that make the exit code 1."""
    return click.option(
        "--fail-on", default="", metavar="WORDS", callback=_fail_on, help="Also fail on: pending,warn,skip."
    )(function)


def show_phase(request: Request, opened: Opened, phase: str, state: str, results: Sequence[Result]) -> None:
    """A phase's line, then what failed in it."""
    request.say(phase_line(phase, max(map(len, opened.graph.phases)), state, results))
    for fault in (fault for result in results for fault in result.warnings):
        request.say(describe(fault, "warning"))
    for result in results if request.verbose else ():
        if result.sql:
            request.console.note(result.sql)
    if told := _told(results):
        request.fail("\n" + "\n\n".join(told) + "\n")


def _told(results: Sequence[Result]) -> list[str]:
    """A block for every failure; that a script was not run is told by its phase's line."""
    return failures([one for one in results if one.kind is not Kind.SCRIPT or one.outcome is not Outcome.BLOCKED])


def show_blocked(request: Request, opened: Opened, phase: str, why: str) -> None:
    """The line of a phase that was not run."""
    request.say(f" {phase:<{max(map(len, opened.graph.phases))}} blocked   {why}")


def finish(
    request: Request,
    root: Path,
    readiness: Readiness,
    seconds: float,
    fail_on: frozenset[Outcome],
    *,
    partial: bool = False,
) -> int:
    """Print the summary and the verdict, write the files asked for, and give the exit code.

    A `partial` check (audits or tests alone, some phases) says no verdict of the whole and leaves no report behind.
    """
    blocked = any(one.kind is Kind.SCRIPT and one.outcome is Outcome.BLOCKED for one in readiness.results)
    spaced = bool(readiness.phases and _told(readiness.phases[-1].results)) and not blocked
    if told := _told(readiness.general):
        request.fail(("" if spaced else "\n") + "\n\n".join(told) + "\n")
    target = readiness.scope.target
    way_in = f"nexiom apply --target {target}" if readiness.scope.protected else "nexiom build"
    unseen = skipped(readiness.results, target, way_in)
    found = (*_matrix(readiness), *summary(readiness.results), *coverage_lines(readiness.exercised))
    for line in (*(() if spaced or told else ("",)), *found, *server_lines(readiness.scope), *unseen, ""):
        request.say(line)
    code = code_of(readiness, fail_on)
    word = ("FAILED" if code else "PASSED") if partial else None
    request.say(verdict_line(readiness, seconds, word))
    if request.format == "json":
        request.console.out(render_json(readiness).rstrip("\n"))
    if not partial:
        _leave_report(request, root, readiness)
    write_outs(request, readiness)
    return code


def _matrix(readiness: Readiness) -> list[str]:
    lines = matrix_lines(readiness.results)
    return [*lines, ""] if lines else []


def code_of(readiness: Readiness, fail_on: frozenset[Outcome]) -> int:
    """1 when a check failed, could not be made, or a phase is not applied as its files say; else 0."""
    drift = readiness.drift or bool(readiness.unapplied)
    return exit_code(readiness.results, drift=drift, fail_on=fail_on)


def drop_report(root: Path) -> None:
    """Take away the report of the build before: one that is interrupted or cannot start leaves no old verdict behind.

    What cannot be taken away cannot be written anew either, which is said at the end.
    """
    for path in (REPORT, LAST_CHECKED):
        with suppress(OSError):
            (root / path).unlink()


def _leave_report(request: Request, root: Path, readiness: Readiness) -> None:
    """The report of every build, in target/; a folder that cannot be written is said and fails nothing."""
    try:
        write_text(root / LAST_CHECKED, render_json(readiness))
        write_text(root / REPORT, render_markdown(readiness))
        request.say(f"report: {os.path.relpath(root / REPORT)}")
    except UsageError as error:
        request.console.note(describe(error.faults[0], "warning"))


def write_outs(request: Request, readiness: Readiness, language: str = "en") -> None:
    """Every `--out FORMAT=PATH`. Raises UsageError for a path that cannot be written."""
    renderers: dict[str, Callable[[], str]] = {
        "junit": lambda: render_junit(readiness),
        "json": lambda: render_json(readiness),
        "markdown": lambda: render_markdown(readiness, language),
        **placed_forms(request, readiness.results, f"{readiness.scope.project}/{readiness.scope.target}"),
    }
    write_forms(request, renderers)


def placed_forms(request: Request, results: Sequence[Result], category: str) -> dict[str, Callable[[], str]]:
    """The forms that a code host shows at the lines of the repository."""
    prefix = path_in_repository(request)
    return {
        "sarif": lambda: render_sarif(results, all_rules(), runner=__version__, category=category, prefix=prefix),
        "github": lambda: render_github(results, prefix=prefix),
    }


def write_forms(request: Request, renderers: Mapping[str, Callable[[], str]]) -> None:
    """Every `--out FORMAT=PATH`. Raises UsageError for a path that cannot be written."""
    for name, path in request.outs:
        if path == STDOUT:
            request.console.out(renderers[name]().rstrip("\n"))
            continue
        write_text(path, renderers[name]())
        request.say(f"{name}: {path}")


def path_in_repository(request: Request) -> str:
    """The project's folder within its repository, "db/"; "" where it is the root or there is no repository."""
    root = find_project(request).resolve()
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    return "" if top == root else f"{root.relative_to(top).as_posix()}/"


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises UsageError naming what is in the way."""
    try:
        with written_atomically(path) as beside:
            beside.write_text(text, "utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(Fault(f'cannot write "{path}": {reason}')) from None
