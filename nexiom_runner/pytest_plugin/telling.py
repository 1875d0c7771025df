"""Results of the project as pytest reports them: the worst of an item's decides, our own words say why."""

from collections.abc import Sequence
from typing import Any

import pytest

from nexiom_runner.report.failures import failures
from nexiom_runner.report.lines import summary
from nexiom_runner.results import FAILING, Kind, Outcome, Result

# Of one item's results the first of these that one has.
_ORDER = (
    Outcome.FAIL,
    Outcome.ERROR,
    Outcome.UNPARSED,
    Outcome.BLOCKED,
    Outcome.PENDING,
    Outcome.SKIP,
    Outcome.WARN,
    Outcome.PASS,
)


class Failed(Exception):
    """An item whose results fail it."""

    def __init__(self, results: Sequence[Result]) -> None:
        super().__init__("\n\n".join(failures(results)))


def outcome_of(results: Sequence[Result]) -> Outcome:
    """The outcome of them all; PASS where there is none."""
    found = {result.outcome for result in results}
    return next((outcome for outcome in _ORDER if outcome in found), Outcome.PASS)


def tell(report: pytest.TestReport, results: Sequence[Result]) -> None:
    """Make a report say of its item what the results say; `failed` is said by what was raised."""
    outcome = outcome_of(results)
    said: Any = report
    said.nexiom_outcome = str(outcome)
    if report.outcome == "failed" or outcome not in (Outcome.PENDING, Outcome.SKIP):
        return
    worst = [result for result in results if result.outcome is outcome]
    report.outcome = "skipped"
    path, line, _ = report.location
    report.longrepr = (path, (line or 0) + 1, "; ".join(dict.fromkeys(_reason(result) for result in worst)))
    if outcome is Outcome.PENDING:
        said.nexiom_waiting = [[one.subject, one.attribute, one.message, one.owner, one.until] for one in worst]


def fails(results: Sequence[Result], fail_on: frozenset[Outcome]) -> bool:
    """Whether these fail an item."""
    return any(result.outcome in FAILING or result.outcome in fail_on for result in results)


def show_waiting(reporter: Any, reports: Sequence[Any]) -> None:
    """A section with each piece of waiting work and its owner."""
    rows = [row for report in reports for row in report.nexiom_waiting]
    results = [
        Result(Outcome.PENDING, Kind.PENDING_KEY, None, subject, attribute, message=message, owner=owner, until=until)
        for subject, attribute, message, owner, until in rows
    ]
    reporter.write_sep("=", "waiting for someone")
    for line in summary(results)[1:]:
        reporter.write_line(line)


def _reason(result: Result) -> str:
    if result.outcome is Outcome.PENDING:
        until = f", until {result.until}" if result.until else ""
        return f"PENDING ({result.owner}{until}): {result.message}"
    return f"{result.attribute}: {result.message}" if result.attribute else result.message or "not looked at"
