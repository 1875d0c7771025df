"""What the rules found, in the readiness report: findings that stand, and those that somebody answers for."""

from collections.abc import Iterable, Mapping

from nexiom_runner.report.commonmark import code, escaped, table
from nexiom_runner.report.lint import reason_of, waived
from nexiom_runner.results import FAILED, Kind, Outcome, Result

_STANDING = FAILED | {Outcome.WARN}


def rules_section(results: Iterable[Result], words: Mapping[str, str]) -> list[str]:
    """The section's parts; none where no rule found anything."""
    found = [one for one in results if one.kind is Kind.LINT]
    standing = [one for one in found if one.outcome in _STANDING]
    parts = []
    if standing:
        header = [words[key] for key in ("rule", "what", "why", "fix")]
        parts.append(table(header, map(_standing, standing)))
    if accepted := waived(found):
        header = [words[key] for key in ("rule", "what", "why", "owner", "until")]
        parts += [f"### {words['waived_title']}", table(header, map(_accepted, accepted))]
    return [f"## {words['rules_title']}", *parts] if parts else []


def _standing(result: Result) -> tuple[str, ...]:
    rule = f"{result.outcome} {escaped(result.attribute or '')}"
    return rule, escaped(result.subject), escaped(result.message or ""), code(result.fix) if result.fix else "–"


def _accepted(result: Result) -> tuple[str, ...]:
    reason = f"{result.message or ''} — {reason_of(result)}"
    cells = (result.attribute or "", result.subject, reason, result.owner or "", result.until or "")
    return tuple(map(escaped, cells))
