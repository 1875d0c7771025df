"""One call as one role: sent in a single message that rolls itself back, its JSON compared with the shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError, ServerReport, UnavailableError
from nexiom_runner.project.in_force import CallInForce
from nexiom_runner.results import Difference, Kind, Outcome, Result
from nexiom_runner.shape.json import Json, JsonError, loads
from nexiom_runner.shape.parts import Seen
from nexiom_runner.shape.values import LONGEST
from nexiom_runner.shape.walker import Match, Pending, match
from nexiom_runner.sql.bodies import failing_body, nearest_object
from nexiom_runner.sql.script import Script
from nexiom_runner.test.prepare import Prepared, Ready, Unready, shown_function

MOST_SHOWN = 50  # differences of one result
NO_RELATION, NO_FUNCTION, NO_OBJECT = "42P01", "42883", "42704"
PUBLIC = frozenset({"public", "PUBLIC"})


@dataclass(frozen=True, slots=True)
class Looked:
    """The result of a call, and what was seen in the value it returned, if one was compared."""

    result: Result
    pending: tuple[Pending, ...] = ()
    seen: frozenset[Seen] = frozenset()
    compared: bool = False


def roles_of(each: CallInForce) -> tuple[str | None, ...]:
    """The roles a call is made as: the one it names, else each that may execute, else the owner (None)."""
    if each.call.role is not None:
        return (each.call.role.value,)
    stated = (None if role.value in PUBLIC else role.value for role in each.execute or ())
    return tuple(dict.fromkeys(stated)) or (None,)


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
) -> Iterator[Looked]:
    """The call once as each of its roles. Whatever it changed is rolled back; a lost connection is an ERROR.

    A failure is told at the line of the script of `sources` that made the function.
    """
    for role in roles_of(each):
        base = Result(
            Outcome.PASS, Kind.CALL, each.phase, f"{name}: {each.call.name}", role=role, place=each.call.place
        )
        refusal = prepared.roles[role].refusal if role is not None else None
        if isinstance(ready, Unready):
            yield Looked(_unready(base, ready))
        elif refusal is not None:
            yield Looked(_unready(base, refusal))
        else:
            become = prepared.roles[role].statement if role is not None else ""
            yield _sent(session, each, ready, become, base, sources)


def passed_over(each: CallInForce, name: str, reason: str) -> Iterator[Result]:
    """The call as SKIP, once as each of its roles."""
    for role in roles_of(each):
        subject = f"{name}: {each.call.name}"
        yield Result(Outcome.SKIP, Kind.CALL, each.phase, subject, role=role, place=each.call.place, message=reason)


def said(report: ServerReport) -> str:
    """The server's words with their SQLSTATE."""
    return f"{report.sqlstate} {report.message}"


def more(report: ServerReport) -> str | None:
    """What else the server said."""
    return "\n".join(text for text in (report.detail, report.hint, report.context) if text) or None


def at_source(failed: Result, report: ServerReport, sources: Sequence[Script]) -> Result:
    """The failure at the line of the function's body, with the nearest name; the place it had goes to its detail."""
    if report.sqlstate in (NO_RELATION, NO_FUNCTION, NO_OBJECT):
        failed = replace(failed, fix=nearest_object(sources, report))
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
    return replace(base, outcome=outcome, message=unready.message, fix=unready.fix)


def _sent(
    session: Session, each: CallInForce, ready: Ready, become: str, base: Result, sources: Sequence[Script]
) -> Looked:
    """`begin; become; call; set constraints all immediate; rollback` as one message, one round trip."""
    begin = "begin read only" if ready.read_only else "begin"
    parts = [begin, become, ready.statement, "set constraints all immediate", "rollback"]
    started = perf_counter()
    base = replace(base, sql=ready.shown)
    try:
        answers = session.send(";\n".join(part for part in parts if part))
    except ServerError as error:
        looked = _refused(each, error.report, base, sources)
    except UnavailableError as error:
        fault = error.faults[0]
        looked = Looked(replace(base, outcome=Outcome.ERROR, message=fault.message, detail=fault.detail))
    else:
        looked = _returned(each, answers[1 + bool(become)].rows[0][0], base)
    return replace(looked, result=_timed(looked.result, perf_counter() - started))


def _timed(result: Result, seconds: float) -> Result:
    return replace(result, seconds=seconds, sql=None if result.outcome is Outcome.PASS else result.sql)


def _refused(each: CallInForce, report: ServerReport, base: Result, sources: Sequence[Script]) -> Looked:
    if each.call.raises is None:
        failed = replace(base, outcome=Outcome.FAIL, message=said(report), detail=more(report))
        return Looked(at_source(failed, report, sources))
    if report.sqlstate == each.call.raises.value:
        return Looked(base)
    difference = Difference("raises", each.call.raises.value, said(report))
    return Looked(replace(base, outcome=Outcome.FAIL, differences=(difference,), detail=more(report)))


def _returned(each: CallInForce, text: str | None, base: Result) -> Looked:
    if each.call.raises is not None:
        shown = text or "null"
        found = f"{shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + '…'} returned"
        difference = Difference("raises", each.call.raises.value, found)
        return Looked(replace(base, outcome=Outcome.FAIL, differences=(difference,)))
    try:
        value = None if text is None else loads(text)
    except JsonError as error:
        return Looked(replace(base, outcome=Outcome.FAIL, message=f"what it returned cannot be read: {error}"))
    return _compared(each, value, base)


def _compared(each: CallInForce, value: Json, base: Result) -> Looked:
    found = Match((), ()) if each.result is None else match(each.result, value)
    if not found.mismatches:
        return Looked(base, found.pending, found.seen, compared=True)
    differences = [Difference(one.path, one.expected, one.found, one.note) for one in found.mismatches]
    return Looked(differing(base, differences), found.pending, found.seen, compared=True)


def differing(base: Result, differences: Sequence[Difference]) -> Result:
    """The result as FAIL with its first differences, and how many more there are."""
    more = len(differences) - MOST_SHOWN
    detail = f"{more} more difference{'s' * (more > 1)} not shown" if more > 0 else base.detail
    return replace(base, outcome=Outcome.FAIL, differences=tuple(differences[:MOST_SHOWN]), detail=detail)
