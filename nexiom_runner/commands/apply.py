"""`nexiom apply`: run what is pending, one transaction a script."""

import json
import time
from collections.abc import Sequence

import click

from nexiom_runner import __version__
from nexiom_runner.apply.run import begin_apply
from nexiom_runner.commands.completing import complete_phase
from nexiom_runner.commands.opened import open_project
from nexiom_runner.commands.readiness import readiness_of
from nexiom_runner.commands.reporting import write_outs
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.commands.waiting import ONE_MINUTE, Waits, apply_options, with_waits
from nexiom_runner.errors import describe
from nexiom_runner.plan.model import Step
from nexiom_runner.report.as_json import result_data
from nexiom_runner.report.failures import script_failure
from nexiom_runner.report.words import count, duration
from nexiom_runner.results import Outcome, Result, exit_code


@click.command(short_help="Apply what is pending, one transaction a script")
@click.option("--to", metavar="PHASE", shell_complete=complete_phase, help="Stop behind this phase.")
@with_waits
@with_request
def command(request: Request, to: str | None, waits: Waits) -> int:
    """Run each pending script in one transaction with its ledger entry; stop at the first failure.

    \b
    nexiom apply
    nexiom apply --target production --to 12_pipeline_runner
    """
    return apply(request, to, waits=waits)


def apply(request: Request, to: str | None = None, *, waits: Waits = ONE_MINUTE) -> int:
    """0, or 1 when a script failed; what was applied before it stays applied."""
    begun = time.monotonic()
    with open_project(request, wait=waits.server) as opened:
        request.say(f"nexiom {__version__} · {opened.settings.name} · target {opened.target.name} ({opened.place.how})")
        options = apply_options(request, opened, to, waits, compares=False)
        runner = opened.runner(request)
        results: list[Result] = []
        with begin_apply(opened.place, opened.graph, runner, opened.values.secrets, options) as applying:
            todo = applying.plan.todo
            if todo:
                request.say("")
            _begin(request, todo, 0)
            for number, result in enumerate(applying.results, start=1):
                results.append(result)
                _show(request, result)
                if result.outcome is Outcome.PASS:
                    _begin(request, todo, number)
        if request.outs:
            write_outs(request, readiness_of(request, opened, runner, results, to=to))
    _sum(request, results, time.monotonic() - begun)
    return exit_code(results)


def _begin(request: Request, todo: Sequence[Step], number: int) -> None:
    for step in todo[number : number + 1]:
        request.console.working(f"applying {step.key}, {number + 1} of {len(todo)}")
        request.sends(step)


def _show(request: Request, result: Result) -> None:
    if result.outcome is Outcome.PASS:
        size = result.detail or count(result.statements or 0, "statement")
        request.say(f" applied  {result.subject}   {size}   {duration(result.seconds or 0.0)}")
        for fault in result.warnings:
            request.say(describe(fault, "warning"))
    elif result.outcome is Outcome.FAIL:
        request.fail(f"\n{script_failure(result)}")


def _sum(request: Request, results: list[Result], seconds: float) -> None:
    if request.format == "json":
        request.console.out(json.dumps([result_data(result) for result in results], ensure_ascii=False, indent=2))
    if not results:
        return
    applied = sum(result.outcome is Outcome.PASS for result in results)
    counts = ((Outcome.FAIL, "failed"), (Outcome.BLOCKED, "not run"))
    rests = [(sum(result.outcome is outcome for result in results), word) for outcome, word in counts]
    rest = "".join(f", {number} {word}" for number, word in rests if number)
    request.say(f"\n{count(applied, 'script')} applied{rest} in {duration(seconds)}")
