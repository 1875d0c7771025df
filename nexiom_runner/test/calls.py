"""One call as one role: sent in a message that rolls itself back, what came of it compared with what was to come."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

from nexiom_runner.database.copies import Copies
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerReport, UnavailableError
from nexiom_runner.project.in_force import CallInForce
from nexiom_runner.project.model import CallExpectation
from nexiom_runner.results import Difference, Kind, Outcome, Result
from nexiom_runner.shape.json import Json, JsonError, loads
from nexiom_runner.shape.parts import Seen
from nexiom_runner.shape.walker import Match, Pending, match
from nexiom_runner.sql.bodies import failing_body, nearest_object
from nexiom_runner.sql.script import Script
from nexiom_runner.test.committed import commit_on_copy
from nexiom_runner.test.exchange import Refused, Returned, Uncounted, exchange
from nexiom_runner.test.outcome import (
    cell_of,
    change_differences,
    error_differences,
    no_error_difference,
    notice_differences,
    page_differences,
    row_differences,
    second_differences,
)
from nexiom_runner.test.prepare import Prepared, Ready, Role, Unready, shown_function

COMMITTED = "committed on a copy"
MOST_SHOWN = 50  # differences of one result
NO_RELATION, NO_FUNCTION, NO_OBJECT = "42P01", "42883", "42704"


@dataclass(frozen=True, slots=True)
class Looked:
    """The result of a call, and what was seen in the value it returned, if one was compared."""

    result: Result
    pending: tuple[Pending, ...] = ()
    seen: frozenset[Seen] = frozenset()
    compared: bool = False
    values: tuple[Json, ...] = ()  # what the calls returned


def roles_of(each: CallInForce) -> tuple[str | None, ...]:
    """Who makes a call, by name: a role or a user; None is the owner."""
    return tuple(caller.name if caller else None for caller in each.callers)


def name_of(each: CallInForce, overloaded: bool = False) -> str:
    """`run_pipeline_once`, with its types where the project has overloads of it."""
    name = shown_function(each.key.schema, each.key.name)
    return f"{name}({', '.join(each.key.types or ())})" if overloaded else name


def look(
    session: Session,
    each: CallInForce,
    ready: Ready | Unready,
    prepared: Prepared,
    name: str,
    sources: Sequence[Script] = (),
    copies: Copies | None = None,
) -> Iterator[Looked]:
    """The call once as each of its callers. Whatever it changed is rolled back, or with the copy that a call which
    commits is made on; a lost connection is an ERROR.

    A failure is told at the line of the script of `sources` that made the function.
    """
    if (fault := prepared.live.fault(each.result)) is not None:
        ready = Unready(fault.message, fix=fault.hint, fault=fault)
    elif each.result is not None and prepared.live.shapes:
        each = replace(each, result=prepared.live.put(each.result))
    for caller in each.callers:
        base = _base(each, name, caller.name if caller else None)
        role = prepared.role(caller) if isinstance(ready, Ready) else Role("")
        if isinstance(ready, Unready):
            yield Looked(_unready(base, ready))
        elif role.refusal is not None:
            yield Looked(_unready(base, role.refusal))
        else:
            trade = partial(exchange, session) if copies is None else partial(commit_on_copy, copies)
            yield _sent(trade, each, ready, role.statement, base, sources)


def _base(each: CallInForce, name: str, role: str | None, outcome: Outcome = Outcome.PASS) -> Result:
    cell = "" if each.call.in_matrix else None
    subject = f"{name}: {each.call.name}"
    return Result(outcome, Kind.CALL, each.phase, subject, role=role, place=each.call.place, cell=cell)


def passed_over(each: CallInForce, name: str, reason: str) -> Iterator[Result]:
    """The call as SKIP, once as each of its roles."""
    for role in roles_of(each):
        yield replace(_base(each, name, role, Outcome.SKIP), message=reason)


def said(report: ServerReport) -> str:
    """The server's words with their SQLSTATE."""
    return f"{report.sqlstate} {report.message}"


def more(report: ServerReport) -> str | None:
    """What else the server said."""
    return "\n".join(text for text in (report.detail, report.hint, report.context) if text) or None


def at_source(failed: Result, report: ServerReport, sources: Sequence[Script]) -> Result:
    """The failure at the line of the function's body, with the nearest name; the place it had goes to its detail."""
    if report.sqlstate in (NO_RELATION, NO_FUNCTION, NO_OBJECT):
        failed = replace(failed, fix=nearest_object(sources, report, applied={each.key for each in sources}))
    found = failing_body(sources, report)
    if found is None:
        return failed
    script, offset, width = found
    fault = script.rendered.fault("", offset, width)
    called = f"called by {failed.place.path}:{failed.place.line}" if failed.place is not None else None
    detail = "\n".join(text for text in (failed.detail, called) if text)
    return replace(failed, place=fault.place, excerpt=fault.source, width=fault.width, detail=detail)


def _unready(base: Result, unready: Unready) -> Result:
    outcome = Outcome.FAIL if unready.refused else Outcome.ERROR
    failed = replace(base, outcome=outcome, message=unready.message, fix=unready.fix)
    return failed if unready.fault is None else _at(failed, unready.fault)


def _at(failed: Result, fault: Fault) -> Result:
    """The failure at the place of what the call is given; the place it had goes to its detail."""
    given = f"given to {failed.place.path}:{failed.place.line}" if failed.place is not None else None
    detail = "\n".join(text for text in (failed.detail, given) if text)
    return replace(failed, place=fault.place, excerpt=fault.source, width=fault.width, detail=detail)


def _sent(
    trade: Callable[[CallExpectation, Ready, str], Returned | Refused],
    each: CallInForce,
    ready: Ready,
    become: str,
    base: Result,
    sources: Sequence[Script],
) -> Looked:
    """One exchange, and what came of it."""
    started = perf_counter()
    base = replace(base, sql=ready.shown, left=COMMITTED if each.call.commits else base.left)
    try:
        found = trade(each.call, ready, become)
    except Uncounted:
        fix = "Set track_counts = on, which it is unless somebody turned it off."
        looked = Looked(replace(base, outcome=Outcome.ERROR, message="the server counts no rows", fix=fix))
    except UnavailableError as error:
        fault = error.faults[0]
        looked = Looked(replace(base, outcome=Outcome.ERROR, message=fault.message, detail=fault.detail))
    else:
        base = replace(base, cell=cell_of(found)) if each.call.in_matrix else base
        looked = _refused(each, found, base, sources) if isinstance(found, Refused) else _returned(each, found, base)
    return replace(looked, result=_timed(looked.result, perf_counter() - started))


def _timed(result: Result, seconds: float) -> Result:
    return replace(result, seconds=seconds, sql=None if result.outcome is Outcome.PASS else result.sql)


def _refused(each: CallInForce, refused: Refused, base: Result, sources: Sequence[Script]) -> Looked:
    report = refused.report
    if refused.before is not None:
        failed = replace(base, outcome=Outcome.ERROR, message=said(report), detail=more(report))
        return Looked(_at(failed, refused.before))
    if refused.uncounted:
        message = f"the rows it changes cannot be noted: {said(report)}"
        return Looked(replace(base, outcome=Outcome.ERROR, message=message, detail=more(report)))
    if each.call.raises is None:
        by = "the second call: " if refused.again else f"session {refused.session}: " if refused.session else ""
        words = f"{by}{said(report)}"
        failed = replace(base, outcome=Outcome.FAIL, message=words, detail=more(report))
        return Looked(at_source(failed, report, sources))
    differences = tuple(error_differences(each.call.raises, report))
    if not differences:
        return Looked(base)
    return Looked(replace(base, outcome=Outcome.FAIL, differences=differences, detail=more(report)))


def _returned(each: CallInForce, found: Returned, base: Result) -> Looked:
    if each.call.raises is not None:
        difference = no_error_difference(each.call.raises, found.values[0])
        return Looked(replace(base, outcome=Outcome.FAIL, differences=(difference,)))
    try:
        values = [None if text is None else loads(text) for text in found.values]
    except JsonError as error:
        return Looked(replace(base, outcome=Outcome.FAIL, message=f"what it returned cannot be read: {error}"))
    return _compared(each, values, found, base)


def _compared(each: CallInForce, values: Sequence[Json], found: Returned, base: Result) -> Looked:
    """Every call's value beside the shape, and what the first did beside what it was to do."""
    call, differences = each.call, list[Difference]()
    matches = [Match((), ()) if each.result is None else match(each.result, value) for value in values]
    for number, (value, one) in enumerate(zip(values, matches, strict=True)):
        again = f"session {number + 1}: " if call.sessions > 1 else "the second call: " if number else ""
        differences += [
            Difference(f"{again}{each.path}", each.expected, each.found, each.note)
            for each in (*_mismatches(one), *row_differences(call.rows, value))
        ]
    differences += notice_differences(call.notices, found.notices)
    if found.did:
        differences += change_differences(call.changes, found.did[0])
        differences += page_differences(call.buffers, found.did[0])
    for did in found.did[1:]:
        differences += second_differences(did)
    result = differing(base, differences) if differences else base
    return Looked(result, matches[0].pending, matches[0].seen, compared=True, values=tuple(values))


def _mismatches(found: Match) -> Iterator[Difference]:
    return (Difference(one.path, one.expected, one.found, one.note) for one in found.mismatches)


def differing(base: Result, differences: Sequence[Difference]) -> Result:
    """The result as FAIL with its first differences, and how many more there are."""
    more = len(differences) - MOST_SHOWN
    detail = f"{more} more difference{'s' * (more > 1)} not shown" if more > 0 else base.detail
    return replace(base, outcome=Outcome.FAIL, differences=tuple(differences[:MOST_SHOWN]), detail=detail)
