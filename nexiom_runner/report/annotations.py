"""One result in the words that a code host shows beside a line: a title, a text, a severity, an identity that stays."""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from nexiom_runner.results import FAILING, NOT_LOOKED_AT, WAITING, Kind, Outcome, Result

SEVERITIES = ("error", "warning", "note")


def severity_of(result: Result) -> str | None:
    """ "error", "warning", "note" for what waits or was not looked at, None for what passed."""
    if result.outcome in FAILING:
        return "error"
    if result.outcome is Outcome.WARN:
        return "warning"
    return "note" if result.outcome in WAITING | NOT_LOOKED_AT else None


def rule_of(result: Result) -> str:
    """What sort of thing was found: a rule's id, else the kind of check and the attribute compared."""
    if result.kind is Kind.LINT:
        return result.attribute or "lint"
    kind = str(result.kind).replace(" ", "-")
    plain = result.attribute if result.kind is Kind.OBJECT else None
    return f"{kind}/{plain.split(' ')[0]}" if plain else kind


def title_of(result: Result) -> str:
    """`row-security-off: table notes`, `execute: function f()`, `the defaults as anon`."""
    role = f" as {result.role}" if result.role else ""
    what = result.attribute if result.kind in (Kind.LINT, Kind.OBJECT) else None
    return f"{what}: {result.subject}{role}" if what else f"{result.subject}{role}"


def text_of(result: Result) -> str:
    """The message, what was expected and found, and the fix, a line each."""
    lines = [result.message] if result.message else []
    for one in result.differences:
        expected = "nothing" if one.expected is None else one.expected
        found = "nothing" if one.found is None else one.found
        note = f" ({one.note})" if one.note else ""
        lines.append(f"{one.path or result.attribute or ''}: expected {expected}, found {found}{note}")
    lines += [result.detail] if result.detail else []
    lines += [f"fix: {result.fix}"] if result.fix else []
    return "\n".join(lines) or f"{result.outcome}"


def fingerprints(results: Iterable[Result]) -> Iterator[str]:
    """For each result, in order, an identity that no edit of other lines changes; of like ones, which it is."""
    seen: Counter[str] = Counter()
    for result in results:
        text = "\0".join((rule_of(result), result.phase or "", result.subject, result.role or ""))
        if result.kind is Kind.LINT:  # an object may move to another phase and is still the same
            text = "\0".join((rule_of(result), result.subject))
        key = sha256(text.encode()).hexdigest()[:16]
        seen[key] += 1
        yield f"{key}:{seen[key]}"
