"""`nexiom test`: the calls of phase.yml and tests/sql, rolled back."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from nexiom_runner.commands.accepting import accept_shapes
from nexiom_runner.commands.checked import examine
from nexiom_runner.commands.checking import prepare_checks
from nexiom_runner.commands.last_failed import last_failed
from nexiom_runner.commands.mutating import mutate
from nexiom_runner.commands.opened import open_prepared
from nexiom_runner.commands.prepared import prepare
from nexiom_runner.commands.recording import accept_scripts
from nexiom_runner.commands.reporting import fail_on_option, finish
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.selection import selectable
from nexiom_runner.commands.testing import Testing, coverage_option
from nexiom_runner.commands.watching import watch
from nexiom_runner.report.words import count
from nexiom_runner.results import Outcome

SEEDS = 1_000_000
SQL_TESTS = "tests/sql"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks of a run of the tests."""

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: frozenset[Outcome] = frozenset()
    workers: int = 1
    seed: int | None = None
    only_failed: bool = False
    least: int | None = None
    scripts: tuple[str, ...] = ()  # these alone


@click.command(short_help="Run the calls and the SQL tests, rolled back")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--accept", "write", is_flag=True, help="Write the shapes that calls and the scripts at PATH (tests/sql) return."
)
@click.option("--values", is_flag=True, help="With --accept: what calls return as it is, not its types alone.")
@selectable
@fail_on_option
@click.option(
    "-n", "--workers", type=click.IntRange(1, 64), default=1, metavar="N", help="As many at a time, on copies."
)
@click.option("--shuffle", is_flag=True, help="In another order every time; the seed is printed.")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="In the order of this seed.")
@click.option("--lf", "--last-failed", "only_failed", is_flag=True, help="Only what failed last time.")
@click.option("--watch", "watched", is_flag=True, help="Run again what an edit touches, until Ctrl-C.")
@coverage_option
@click.option(
    "--mutate", "mutated", is_flag=True, help="Break one thing at a time on a copy; list what no check notices."
)
@click.option(
    "--min-noticed", type=click.IntRange(0, 100), metavar="PERCENT", help="With --mutate: fail where less is noticed."
)
@with_request
def command(
    request: Request,
    paths: tuple[str, ...],
    write: bool,
    values: bool,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    fail_on: frozenset[Outcome],
    workers: int,
    shuffle: bool,
    seed: int | None,
    only_failed: bool,
    watched: bool,
    min_coverage: int | None,
    mutated: bool,
    min_noticed: int | None,
) -> int:
    """Call functions as the roles that may, compare their JSON with its shape, run tests/sql. Nothing remains.

    Results are printed in the order of the phases, whatever order they came in.

    With --accept the shapes that calls return are written into phase.yml where they are not what is stated
    there, and every result of the scripts at PATH that nothing asserts into the .yml beside each: columns,
    counts and shapes, never values. What is right already stays. With a PATH, the scripts alone.

    With --mutate nothing is tested but the tests: rights, settings, guards, keys of JSON and boundaries are
    changed one at a time on copies of the database, and what no audit, call or script notices is listed.

    \b
    nexiom test
    nexiom test --select 12_pipeline_runner --fail-on pending
    nexiom test -n 4 --shuffle
    nexiom test --accept tests/sql
    """
    if mutated:
        return mutate(request, prepare(request), select, exclude, min_noticed)
    if min_noticed is not None:
        raise click.UsageError("--min-noticed is for --mutate")
    if write:
        return _accept(request, paths, select, exclude, exact=values)
    if values:
        raise click.UsageError("--values is for --accept")
    if paths:
        raise click.UsageError(f"a PATH is for --accept; --select chooses phases: --select {paths[0]}")
    if shuffle and seed is None:
        seed = random.randrange(SEEDS)
    asked = Asked(select, exclude, fail_on, workers, seed, only_failed, min_coverage)
    if not watched:
        return test(request, asked)
    return watch(request, lambda phases, scripts: test(request, _narrowed(asked, phases, scripts)))


def _accept(
    request: Request, paths: Sequence[str], select: Sequence[str], exclude: Sequence[str], *, exact: bool
) -> int:
    """Calls, then scripts; with paths the scripts at them alone."""
    prepared = prepare(request)
    if not paths:
        accept_shapes(request, prepared, select, exclude, exact=exact)
    if paths or prepared.project.sql_tests:
        return accept_scripts(request, prepared, paths or (SQL_TESTS,))
    return 0


def test(request: Request, asked: Asked) -> int:
    """0, or 1 when a test failed or could not be made. Applies nothing."""
    begun = time.monotonic()
    prepared = prepare(request)
    checks = prepare_checks(prepared)
    root = Path(prepared.settings.root)
    failed = last_failed(root, prepared.target.name)
    chosen = replace(failed, subjects=asked.scripts) if asked.scripts else failed if asked.only_failed else None
    testing = Testing(asked.workers, asked.seed, chosen, asked.least)
    _say_how(request, asked, len(failed.subjects))
    with open_prepared(request, prepared) as opened:
        readiness = examine(request, opened, checks, asked.select, asked.exclude, audits=False, testing=testing)
        whole = not (asked.select or asked.exclude or asked.scripts or (asked.only_failed and failed.subjects))
        failed.remember(readiness.results, whole=whole)
        return finish(request, root, readiness, time.monotonic() - begun, asked.fail_on, partial=True)


test.__test__ = False  # type: ignore[attr-defined]  # for pytest, where a test imports it


def _narrowed(asked: Asked, phases: tuple[str, ...], scripts: tuple[str, ...]) -> Asked:
    """What was asked, of these phases or scripts alone; all of it where neither is named."""
    return replace(asked, select=phases or asked.select, scripts=scripts)


def _say_how(request: Request, asked: Asked, failed: int) -> None:
    if asked.seed is not None:
        request.say(f"shuffled: the same order again with --seed {asked.seed}")
    if asked.only_failed:
        request.say(f"only the {count(failed, 'check')} that failed last time" if failed else _NONE_FAILED)


_NONE_FAILED = "nothing failed last time: everything is run"
