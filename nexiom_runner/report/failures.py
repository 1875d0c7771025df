"""How a check that failed, or could not be looked at, reads: place, expected and found, the fix."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from nexiom_runner.errors import Fault, describe
from nexiom_runner.report.words import count, duration
from nexiom_runner.results import FAILING, Kind, Outcome, Result

REPORTED = FAILING | {Outcome.WARN}


def failures(results: Iterable[Result]) -> list[str]:
    """One block of text for every failing result; attributes of one object stand together."""
    failing = [result for result in results if result.outcome in REPORTED]
    alike = _alike(failing)
    told = [result for result in failing if alike.get(_failure(result), [result])[0] is result]
    blocks = (list(group) for _, group in groupby(told, key=_group))
    return [_block(group, alike.get(_failure(group[0]), [])[1:]) for group in blocks]


def _failure(result: Result) -> tuple[object, ...]:
    """What makes two failing calls the same failure: what the server said, at the same line of the same body."""
    return (result.phase, result.outcome, result.message, result.place)


def _alike(failing: Iterable[Result]) -> dict[tuple[object, ...], list[Result]]:
    """Calls that failed within a function, by their failure: it is told once."""
    found: dict[tuple[object, ...], list[Result]] = {}
    for result in failing:
        if result.kind is Kind.CALL and result.excerpt is not None:
            found.setdefault(_failure(result), []).append(result)
    return found


def _group(result: Result) -> tuple[object, ...]:
    if result.kind is not Kind.OBJECT:
        return (id(result),)
    return (result.outcome, result.phase, result.subject, result.message if not result.differences else None)


def _block(results: list[Result], alike: Sequence[Result] = ()) -> str:
    if results[0].kind is Kind.SCRIPT:
        return script_failure(results[0])
    lines = [_heading(results)]
    for result in results:
        lines.extend(_body(result))
    if alike:
        calls = ", ".join(f"{one.subject}{f' as {one.role}' if one.role else ''}" for one in alike[:5])
        more = f" and {len(alike) - 5} others" if len(alike) > 5 else ""
        lines.append(f"      and {count(len(alike), 'more call')}: {calls}{more}")
    return "\n".join(lines)


def script_failure(result: Result) -> str:
    """A script's failure in the form of every error."""
    message = result.message or f'script "{result.subject}" did not run'
    fault = Fault(message, result.place, result.excerpt, result.width, result.detail, result.state, hint=result.fix)
    return describe(fault, "blocked" if result.outcome is Outcome.BLOCKED else "error")


def _heading(results: list[Result]) -> str:
    first = results[0]
    role = f"  (as {first.role})" if first.role else ""
    text = f"{first.outcome:<5} {first.phase or 'all phases'}  {first.subject}{role}"
    places = {result.place for result in results if result.place}
    if not places:
        return text
    place = min(places)
    return f"{text:<78}  {place.path}:{place.line}"


def _body(result: Result) -> list[str]:
    rows = [_row(result, *fields) for fields in _differences(result)]
    lines = [f"      {row}" for row in _aligned(rows)]
    label = result.attribute if result.attribute not in (None, result.subject) and not rows else None
    if result.message:
        lines[:0] = [f"      {label + '  ' if label else ''}{result.message}"]
    if result.excerpt is not None and result.place is not None:
        lines.extend(describe(Fault("", result.place, result.excerpt, result.width)).split("\n")[2:])
    for word, text in (("detail", result.detail), ("state", result.state), ("fix", result.fix)):
        if text:
            lines.append(f"      {word:<8}  {_indented(text)}")
    if result.sql:
        took = f", {duration(result.seconds)}" if result.seconds is not None else ""
        lines.append(f"      {_indented(result.sql)}   {result.left}{took}")
    return lines


def _differences(result: Result) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(one.path, one.expected, one.found, one.note) for one in result.differences]


def _row(
    result: Result, path: str, expected: str | None, found: str | None, note: str | None
) -> tuple[str, str, str, str]:
    return (
        path or result.attribute or "",
        f"expected {expected}" if expected is not None else ("missing" if found is None else "not expected"),
        f"found {found}" if found is not None else ("missing" if expected is not None else ""),
        note or "",
    )


def _aligned(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [min(48, max((len(row[column]) for row in rows), default=0)) for column in range(4)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _indented(text: str) -> str:
    return text.replace("\n", "\n                ")
