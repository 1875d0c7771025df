"""Run a plan where it does no harm, statement by statement, and look at what each one did."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace

from nexiom_runner.apply.failure import explain
from nexiom_runner.apply.lone import carry_out, make_statement, still_invalid
from nexiom_runner.apply.message import Message, Reveal, lone_message
from nexiom_runner.apply.outcome import blocked, failed, invalid, misfit, passed
from nexiom_runner.apply.probe import Found, Probe
from nexiom_runner.apply.timeouts import LOCK_NOT_AVAILABLE, Patience
from nexiom_runner.apply.vacuous import find_vacuous, misfits, told
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerError
from nexiom_runner.graph.model import Graph
from nexiom_runner.plan.model import Plan, Step
from nexiom_runner.project.outline import Backfill
from nexiom_runner.rehearse.budget import Budget
from nexiom_runner.rehearse.doubts import Doubts
from nexiom_runner.rehearse.known import documented_locks
from nexiom_runner.rehearse.model import Effects, RehearsedScript, RehearsedStatement
from nexiom_runner.rehearse.trace import Tracer
from nexiom_runner.results import Outcome
from nexiom_runner.sql.backfill import in_batches_of
from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Segment
from nexiom_runner.sql.words import folded

MARK = "rehearsal"
OUTSIDE = "it runs outside any transaction, and what it does there cannot be taken back"
BATCHES = "a backfill commits batch by batch, and that cannot be taken back"
BEGUN = "a run that died had begun it: apply looks first at what is left of that"
NO_ROWS = "it changed no row: the copy lacks the target's"
NO_ROWS_TO_CHECK = "what rows would say to it is not known: the copy lacks the target's"
_CHANGED_NOTHING = frozenset({"INSERT 0 0", "UPDATE 0", "DELETE 0", "MERGE 0", "COPY 0"})


@dataclass(slots=True)
class Rehearsing:
    """Where and how: `budget` is what a rehearsal on the target itself has, None on a copy."""

    session: Session
    graph: Graph
    tracer: Tracer
    patience: Patience
    reveal: Reveal
    doubts: Doubts
    left: str  # what a failure leaves behind, in a sentence
    budget: Budget | None = None


class _Failed(Exception):
    """A statement that will fail on the target too, as far as can be seen."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(slots=True)
class _Script:
    """One script under way."""

    run: Rehearsing
    step: Step
    script: Script
    done: list[RehearsedStatement] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def rehearse(run: Rehearsing, plan: Plan) -> Iterator[RehearsedScript]:
    """Each script as it ends, in order; behind the first that failed the others are BLOCKED.

    On a copy each transaction is committed there, so that statements outside of any can follow. On the target the
    caller has one open, within which everything runs and which it rolls back; nothing is committed.
    Raises UnavailableError where the connection is lost.
    """
    run.tracer.read(run.session)
    broken: str | None = None
    for step in plan.todo:
        if step.script is None:
            continue
        if broken is not None:
            yield RehearsedScript(step.key, step.phase, (), blocked(step.script, broken))
            continue
        found = _rehearse_script(run, step, step.script)
        yield found
        if found.result.outcome is Outcome.FAIL:
            broken = step.key


def _rehearse_script(run: Rehearsing, step: Step, script: Script) -> RehearsedScript:
    began = time.perf_counter()
    if step.kind == "backfill":
        script = replace(script, text=in_batches_of(script.text, run.graph.paces.get(step.phase, Backfill()).batch))
    under_way = _Script(run, step, script)
    try:
        for number, segment in enumerate(script.segments[step.done :]):
            _segment(under_way, segment, begun=number == 0 and bool(step.record and step.record.started))
    except _Failed as stopped:
        seconds = time.perf_counter() - began
        result = failed(script, stopped.fault, seconds, run.left, stopped.fault.detail)
    else:
        result = passed(script, time.perf_counter() - began, step.reason, tuple(under_way.warnings))
    return RehearsedScript(step.key, step.phase, tuple(under_way.done), result)


def _segment(under_way: _Script, segment: Segment, *, begun: bool) -> None:
    run = under_way.run
    why = _never(under_way, segment, begun=begun)
    if why is not None:
        for index in range(segment.first, segment.last):
            run.doubts.skipped.append(under_way.script.statements[index])
            under_way.done.append(_described(under_way.script, index, segment, skipped=why))
    elif segment.lone is not None:
        _alone(under_way, segment)
    else:
        _together(under_way, segment)


def _never(under_way: _Script, segment: Segment, *, begun: bool) -> str | None:
    """Why a segment is not even tried."""
    if begun and segment.lone is not None:
        return BEGUN
    if under_way.run.budget is None:
        return None
    if under_way.step.kind == "backfill":
        return BATCHES
    return OUTSIDE if segment.lone is not None else None


def _together(under_way: _Script, segment: Segment) -> None:
    """The statements of one transaction."""
    run, script = under_way.run, under_way.script
    whole = _message(under_way, segment)
    try:
        with _transaction(run, script.phase):
            run.tracer.begin(run.session)
            for index in range(segment.first, segment.last):
                statement = script.statements[index]
                _one(under_way, Segment(index, index + 1, statement.start, statement.end))
            if run.budget is not None:
                with run.session.savepoint(rollback=True):
                    run.session.send("set constraints all immediate")
    except ServerError as error:  # what is checked when a transaction is committed
        size = segment.last - segment.first
        message = replace(whole, statements=size)
        raise _Failed(_fault(under_way, message, error, completed=size)) from None


def _transaction(run: Rehearsing, phase: str) -> AbstractContextManager[object]:
    settings = run.session.written(run.patience.settings(phase))
    if run.budget is None:
        return run.session.transaction(isolation="read committed", first=settings)
    return _within(
        run.session, f"reset all; reset session authorization; reset role; {settings}; {run.budget.settings}"
    )


@contextmanager
def _within(session: Session, first: str) -> Iterator[None]:
    """A script's part of the one transaction on the target; what the script before it set is reset."""
    session.send(first)
    yield


def _one(under_way: _Script, part: Segment) -> None:
    """A statement behind a savepoint, so that what cannot be rehearsed does not end the transaction."""
    run, script, index = under_way.run, under_way.script, part.first
    message = _message(under_way, part)
    if run.budget is not None:
        run.session.send(run.budget.bound(run.patience.limits(script.phase).statement_timeout or 0))
    run.session.take_notices()
    began = time.perf_counter()
    try:
        with run.session.savepoint():
            sent = run.session.send(message.opening)
    except ServerError as error:
        _judge(under_way, part, message, error)
        run.tracer.skip(run.session)
        return
    seconds = time.perf_counter() - began
    _look_at_notices(under_way, part)
    tag = sent[-1].tag if sent else ""
    effects = run.tracer.look(run.session, tag)
    notes = _notes(tag, effects) if run.doubts.rows else ()
    under_way.done.append(_described(script, index, part, effects=effects, seconds=seconds, notes=notes))


def _judge(under_way: _Script, part: Segment, message: Message, error: ServerError) -> None:
    """A failure of the plan, or of the ground it runs on."""
    statement = under_way.script.statements[part.first]
    why = under_way.run.doubts.why(statement, error.report)
    if why is None:
        raise _Failed(_fault(under_way, message, error, completed=error.completed)) from None
    under_way.run.doubts.skipped.append(statement)
    under_way.done.append(_described(under_way.script, part.first, part, skipped=why))


def _look_at_notices(under_way: _Script, part: Segment) -> None:
    """As apply does: what did nothing is told, a table with other columns is a failure."""
    run, script = under_way.run, under_way.script
    for one in find_vacuous(script, part, run.session.take_notices(), 0):
        if script.phase not in run.graph.accepts_existing and (differing := misfits(run.session, script, one)):
            raise _Failed(misfit(script, one, differing))
        under_way.warnings.append(told(script, one))


def _alone(under_way: _Script, segment: Segment) -> None:
    """A statement outside of any transaction, as it is; what it held is known from the documentation alone."""
    run, script = under_way.run, under_way.script
    assert segment.lone is not None
    message = _message(under_way, segment)
    words = folded(piece for _, piece in significant(lexemes(script.statements[segment.first].text)))
    locks = documented_locks(segment.lone, words[:-1] if words[-1] == ";" else words, run.tracer)
    statement = make_statement(run.session, script, segment, message, run.patience, own=True)
    began = time.perf_counter()
    try:
        carry_out(run.session, statement, Probe(Found.NOT_DONE))
    except ServerError as error:
        _judge(under_way, segment, message, error)
        return
    seconds = time.perf_counter() - began
    if name := still_invalid(run.session, statement):
        raise _Failed(invalid(script, segment, name))
    effects = replace(run.tracer.compare(run.session), locks=locks)
    under_way.done.append(_described(script, segment.first, segment, effects=effects, seconds=seconds))


def _message(under_way: _Script, segment: Segment) -> Message:
    return lone_message(under_way.script, segment, MARK, under_way.run.reveal)


def _fault(under_way: _Script, message: Message, error: ServerError, *, completed: int) -> Fault:
    run, script, report = under_way.run, under_way.script, error.report
    fault = explain(run.session, script, message, report, completed, run.graph).fault
    if run.budget is None or report.sqlstate != LOCK_NOT_AVAILABLE:
        return fault
    return replace(fault, detail=f"{fault.detail} {run.budget.waited}")


def _notes(tag: str, effects: Effects) -> tuple[str, ...]:
    if tag in _CHANGED_NOTHING:
        return (NO_ROWS,)
    filled = any(table.size is not None and table.size.rows != 0 for table in effects.scanned)
    return (NO_ROWS_TO_CHECK,) if filled and not effects.rewritten and not effects.built else ()


def _described(
    script: Script,
    index: int,
    segment: Segment,
    *,
    effects: Effects = Effects(),  # noqa: B008
    seconds: float = 0.0,
    skipped: str | None = None,
    notes: Sequence[str] = (),
) -> RehearsedStatement:
    statement = script.statements[index]
    line = script.text[statement.head :].split("\n", 1)[0].rstrip()
    at = script.rendered.fault("", statement.head, len(line) or 1)
    assert at.place is not None
    return RehearsedStatement(
        index + 1,
        statement.label,
        at.place,
        at.source,
        at.width,
        segment.lone is None,
        effects,
        seconds,
        skipped,
        tuple(notes),
    )
