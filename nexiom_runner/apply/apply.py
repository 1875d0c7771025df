"""Apply a plan: each script and its ledger entry in one transaction, until one fails."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from nexiom_runner.apply.backfill import run_backfill
from nexiom_runner.apply.current import (
    Progress,
    Run,
    Stopped,
    append_entry,
    flush,
    is_news,
    progress_of,
    script_of,
)
from nexiom_runner.apply.ending import busy, failed_result, interrupted, lost, stopped_result
from nexiom_runner.apply.ledger import History, make_ledger, overtaken, read_history
from nexiom_runner.apply.lock import lost_lock
from nexiom_runner.apply.message import Reveal
from nexiom_runner.apply.outcome import blocked, ended_by_itself, passed
from nexiom_runner.apply.timeouts import Patience
from nexiom_runner.apply.transaction import carry_out_segment, message_of
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, RunError, ServerError, UnavailableError
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import Event
from nexiom_runner.plan.model import Plan, Step
from nexiom_runner.plan.problems import faults
from nexiom_runner.results import Outcome, Result

OTHERS = "applied by another runner"
PATIENT = Patience()


def apply_plan(
    session: Session,
    plan: Plan,
    graph: Graph,
    history: History,
    runner: Runner,
    *,
    reveal: Reveal,
    before: Callable[[str], Session] | None = None,
    patience: Patience = PATIENT,
    direct: Callable[[], Session] | None = None,
) -> Iterator[Result]:
    """Run what the plan says runs, in order; one Result a script, as it ends.

    Each transaction of a script is one message: `begin`, settings, statements, entry, `commit`; two where a statement
    may be skipped by `if exists`, so that what did nothing is in the entry. It is applied with its entry or not at
    all. A statement outside of any transaction has a `started` entry before it and an `applied` one after it; `direct`
    gives the session it runs on, where that is another. What a run that died left of a script goes on at the exact
    statement. The first failure is a Result, the scripts behind it are BLOCKED, and a
    `failed` entry is written. What another runner applied meanwhile is not run again. `reveal` puts
    secrets into the text that is sent; `before` is called with each script's key and gives the session to go on with;
    `patience` says how long a script waits for the locks of others and how often it is tried again.

    Raises RunError where the plan has problems (nothing was run), TargetError where no ledger can be made,
    UnavailableError where the connection is lost (whether the last script was committed is in the ledger), and
    lets KeyboardInterrupt through after rolling back, its text saying what is left behind.
    """
    if plan.problems:
        raise RunError(*faults(plan, runner.target_named))
    if not plan.todo and not plan.renames:
        return
    if not history.made:
        make_ledger(session)
        history = read_history(session, runner.project)
    run = Run(session, graph, runner, reveal, history, before, patience, direct)
    for new, old in (plan.renames or {}).items():
        _rename(run, new, old)
    yield from _steps(run, plan.todo)


def _steps(run: Run, steps: Sequence[Step]) -> Iterator[Result]:
    try:
        for index, step in enumerate(steps):
            if run.before is not None:
                run.session = run.before(step.key)
            run.following, run.behind = (*steps[index + 1 : index + 3], None, None)[:2]
            result = _backfill(run, step) if step.kind == "backfill" else _apply(run, step)
            if run.following is None and result.outcome is Outcome.PASS:
                flush(run)
            yield result
            if result.outcome is not Outcome.PASS:
                yield from (blocked(script_of(later), step.key) for later in steps[index + 1 :])
                return
    finally:
        with suppress(ServerError, UnavailableError):  # what ended the run is told
            flush(run)


def _backfill(run: Run, step: Step) -> Result:
    result, run.history = run_backfill(
        run.session, step, run.graph, run.runner, run.history, reveal=run.reveal, patience=run.patience
    )
    return result


def _apply(run: Run, step: Step) -> Result:
    """Apply one script, segment by segment, each again where another runner's entry came between or a lock was
    waited for in vain."""
    script, attempts, began = script_of(step), 0, time.perf_counter()
    progress, warned = progress_of(run, step), list[Fault]()
    while progress is not None and progress.done < len(script.segments):
        segment = script.segments[progress.done]
        if (progress.done or attempts) and not run.patience.held():
            raise lost_lock(run.runner.project, f"statement {segment.first + 1} of {script.key}")
        composed, run.ahead = run.ahead, None
        if composed is not None and composed.fits(script.key, progress.done, run.history.head):
            message, run.mark = composed.message, composed.mark
        else:
            message, composed = message_of(run, script, segment), None
        try:
            carried = carry_out_segment(run, step, progress, message, composed)
        except ServerError as error:
            attempts += 1
            if is_news(run, error) or run.patience.again(script.phase, error.report, attempts):
                progress = progress_of(run, step)
                continue
            if run.patience.taken(error.report):
                raise busy(run, script, progress.done, error) from None
            return failed_result(run, script, progress.done, message, error, attempts, time.perf_counter() - began)
        except Stopped as stopped:
            return stopped_result(run, script, progress.done, stopped, time.perf_counter() - began)
        except UnavailableError as error:
            raise lost(script, error) from None
        except KeyboardInterrupt:
            raise KeyboardInterrupt(interrupted(run, script, progress.done)) from None
        finally:
            run.patience.ends()
        if carried is None:
            return ended_by_itself(script, time.perf_counter() - began)
        warned += carried
        progress, attempts = Progress(progress.done + 1), 0
    if progress is None:
        return passed(script, 0.0, OTHERS)
    return passed(script, time.perf_counter() - began, step.reason, tuple(warned))


def _rename(run: Run, new: str, old: str) -> None:
    """Write down that a phase has another name; a runner that wrote it first is as good."""
    while new not in run.history.state.phases:
        entry = run.runner.entry(Event.RENAMED, phase=new, renamed_from=old)
        try:
            append_entry(run, entry)
            return
        except ServerError as error:
            if not overtaken(error):
                raise
            run.history = read_history(run.session, run.runner.project)
