"""`nexiom rehearse`: run the plan where it does no harm, and measure what it would do to the target."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import click

from nexiom_runner import __version__
from nexiom_runner.apply.look import read_plan
from nexiom_runner.apply.read_only import refuse_read_only
from nexiom_runner.apply.timeouts import TAKEN, Patience, claim_of
from nexiom_runner.audit.prepare import prepare_audits
from nexiom_runner.commands.completing import complete_phase
from nexiom_runner.commands.opened import Opened, announce, open_prepared
from nexiom_runner.commands.prepared import prepare
from nexiom_runner.commands.reporting import fail_on_option, placed_forms, write_forms
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.database.nested import NestedSession
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerError, UnavailableError, UsageError
from nexiom_runner.plan.model import Plan
from nexiom_runner.project.durations import FORM, parse_duration
from nexiom_runner.rehearse.budget import Budget
from nexiom_runner.rehearse.checks import Audits, applied_after, audit_rehearsed
from nexiom_runner.rehearse.doubts import Doubts
from nexiom_runner.rehearse.ground import Copied, Making, copy_of
from nexiom_runner.rehearse.model import Ground, Rehearsal, RehearsedScript
from nexiom_runner.rehearse.run import Rehearsing, rehearse
from nexiom_runner.rehearse.target import TargetFacts, read_target
from nexiom_runner.rehearse.trace import Tracer
from nexiom_runner.report.rehearsal import audit_lines, ground_lines, script_lines, sum_line
from nexiom_runner.report.rehearsal_forms import (
    render_rehearsal_json,
    render_rehearsal_junit,
    render_rehearsal_markdown,
)
from nexiom_runner.results import Outcome, Result, exit_code

ONE_MINUTE = 60_000  # milliseconds


def _duration(_: click.Context, __: click.Parameter, text: str) -> int:
    found = parse_duration(text)
    if not found:
        raise click.BadParameter(f"expected {FORM.replace(' or 0', '')}, found {text}")
    return found


@click.command(short_help="Run the plan on a copy and measure what it locks and rewrites")
@click.option("--to", metavar="PHASE", shell_complete=complete_phase, help="Stop behind this phase.")
@click.option("--on-target", is_flag=True, help="On the target itself, in one transaction that is rolled back.")
@click.option(
    "--within",
    default="60s",
    metavar="TIME",
    callback=_duration,
    help="With --on-target: how long that may take at most; else 60s.",
)
@click.option("--engine", metavar="MAJOR|FOLDER", help="PostgreSQL of the copy; else the one likest the target's.")
@fail_on_option
@with_request
def command(
    request: Request, to: str | None, on_target: bool, within: int, engine: str | None, fail_on: frozenset[Outcome]
) -> int:
    """Run each statement of the plan on a copy of the target's schema, and show what was measured: locks, tables
    rewritten, indexes built, objects created, changed and dropped; then the audits. The target is only read.

    Exits with 1 where a script or an audit fails there. What cannot be rehearsed is listed.

    \b
    nexiom rehearse --target production
    nexiom rehearse --target staging --on-target --within 10s
    """
    return run_rehearsal(request, How(to, within if on_target else None, engine), fail_on)


@dataclass(frozen=True, slots=True)
class How:
    """What the command line says: `within` is in milliseconds, and None on a copy."""

    to: str | None = None
    within: int | None = None
    engine: str | None = None


def run_rehearsal(request: Request, how: How, fail_on: frozenset[Outcome] = frozenset()) -> int:
    """0, or 1 where a script or an audit failed. Nothing of the target is changed."""
    begun = time.monotonic()
    prepared = prepare(request)
    if how.within is not None and prepared.target.protected:
        raise UsageError(_protected(prepared.target.name))
    files = prepare_audits(prepared.project, prepared.values)
    with open_prepared(request, prepared) as opened:
        plan, _ = read_plan(opened.place, opened.settings.name, opened.graph, to=how.to)
        announce(request, opened, plan)
        facts = read_target(opened.session)
        made = Rehearsal(
            opened.settings.name,
            opened.target.name,
            opened.session.server.version,
            request.now().isoformat(timespec="seconds"),
            __version__,
            Ground("nothing, since nothing is to be applied"),
            (),
            (),
        )
        if plan.todo:
            with _ground(request, opened, plan, facts, how) as (copied, budget):
                made = replace(made, ground=copied.ground)
                for line in ground_lines(made):
                    request.say(line)
                scripts = list(_rehearsed(request, opened, plan, facts, copied, budget))
                audits = Audits(opened.project, opened.graph, files, copied.ground, facts, copied.doubts.rows)
                results = tuple(_audited(request, copied.session, audits, plan, scripts))
                made = replace(made, scripts=tuple(scripts), audits=results)
    return _finish(request, made, time.monotonic() - begun, fail_on)


def _rehearsed(
    request: Request, opened: Opened, plan: Plan, facts: TargetFacts, copied: Copied, budget: Budget | None
) -> Iterator[RehearsedScript]:
    left = f'Everything was rolled back; nothing of "{opened.target.name}" was changed.'
    run = Rehearsing(
        copied.session,
        opened.graph,
        Tracer(facts.sizes),
        _patience(opened),
        opened.reveal,
        copied.doubts,
        left if budget else f'It failed on a copy; nothing of "{opened.target.name}" was changed.',
        budget,
    )
    request.console.working("rehearsing")
    for script in rehearse(run, plan):
        request.say("")
        failed = script.result.outcome is Outcome.FAIL
        for line in script_lines(script):
            (request.fail if failed else request.say)(line)
        yield script


def _audited(
    request: Request, session: Session, audits: Audits, plan: Plan, scripts: list[RehearsedScript]
) -> Iterator[Result]:
    if any(script.result.outcome is Outcome.FAIL for script in scripts):
        return
    request.console.working("auditing")
    yield from audit_rehearsed(session, audits, applied_after(plan, audits.graph, scripts), scripts)


def _patience(opened: Opened) -> Patience:
    return Patience(opened.target.limits, {phase.name: phase.limits for phase in opened.project.phases})


@contextmanager
def _ground(
    request: Request, opened: Opened, plan: Plan, facts: TargetFacts, how: How
) -> Iterator[tuple[Copied, Budget | None]]:
    if how.within is None:
        making = Making(plan, _patience(opened), opened.reveal, request.environ, how.engine, request.console.working)
        with copy_of(opened.place, facts, making) as copied:
            yield copied, None
        return
    if plan.back_to is not None:
        raise UsageError(_goes_back(opened.target.name, plan.back_because or ""))
    refuse_read_only(opened.place)
    budget = Budget(how.within)
    with _one_transaction(opened, budget) as session:
        where = f'"{opened.target.name}" itself, in one transaction that is rolled back'
        yield Copied(session, Ground(where, on_target=True), Doubts(uncommitted=True)), budget


@contextmanager
def _one_transaction(opened: Opened, budget: Budget) -> Iterator[Session]:
    """The only transaction there is on the target; it holds the project's lock, so that no apply runs beside it."""
    session = opened.session
    with session.transaction(isolation="read committed", first=budget.settings, rollback=True):
        try:
            session.rows(claim_of(opened.settings.name))
        except ServerError as error:
            if not error.report.message.startswith(TAKEN):
                raise
            raise UnavailableError(Fault(error.report.message, hint="Try again when it has ended.")) from None
        yield NestedSession(session)


def _finish(request: Request, rehearsal: Rehearsal, seconds: float, fail_on: frozenset[Outcome]) -> int:
    code = exit_code(rehearsal.results, fail_on=fail_on)
    lines = list(audit_lines(rehearsal.audits))
    for line in ("", *lines) if lines else ():
        (request.fail if code and line else request.say)(line)
    if rehearsal.scripts:
        request.say("")
        request.say(sum_line(rehearsal, seconds, failed=bool(code)))
    if request.format == "json":
        request.console.out(render_rehearsal_json(rehearsal).rstrip("\n"))
    category = f"{rehearsal.project}/{rehearsal.target}/rehearse"
    renderers = {
        "junit": lambda: render_rehearsal_junit(rehearsal),
        "json": lambda: render_rehearsal_json(rehearsal),
        "markdown": lambda: render_rehearsal_markdown(rehearsal),
        **placed_forms(request, rehearsal.results, category),
    }
    write_forms(request, renderers)
    return code


def _protected(target: str) -> Fault:
    return Fault(
        f'"{target}" is protected: no plan is rehearsed on the target itself',
        detail="It would hold its locks for as long as the rehearsal takes.",
        hint=f"Rehearse on a copy of its schema: nexiom rehearse --target {target}",
    )


def _goes_back(target: str, because: str) -> Fault:
    return Fault(
        f'"{target}" would go back to an older state first, so that nothing can be rehearsed on the target itself',
        detail=f"Because {because}.",
        hint="Leave out --on-target.",
    )
