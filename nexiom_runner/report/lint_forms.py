"""What the rules found as JSON, JUnit XML and Markdown."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from nexiom_runner.report.as_json import result_data
from nexiom_runner.report.commonmark import code, escaped, table
from nexiom_runner.report.junit import junit_of
from nexiom_runner.report.lint import LintReport, coverage_line, waiver_of
from nexiom_runner.report.words import count, moment
from nexiom_runner.results import NOT_LOOKED_AT, Kind, Outcome, Result

FORMAT = 1


def render_lint_json(report: LintReport) -> str:
    """The whole of it, indented, with a final newline. `format` changes when a key changes its meaning."""
    found = [one for one in report.results if one.outcome is not Outcome.PASS]
    document = {
        "format": FORMAT,
        "project": report.project,
        "target": report.target,
        "server": report.server,
        "checked_at": report.checked_at,
        "runner": report.runner,
        "counts": asdict(report.counts),
        "coverage": {
            "statements": report.statements,
            "unparsed": report.unparsed,
            "objects": dict(report.objects),
            "rules": [rule.id for rule in report.rules],
        },
        "findings": [result_data(one) for one in found],
        "waived": [result_data(one) for one in report.waived],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def render_lint_junit(report: LintReport) -> str:
    """A case for each finding, and a passed one for each rule that looked and found nothing."""
    found = {one.attribute for one in report.results}
    quiet = [
        Result(Outcome.PASS, Kind.LINT, None, "nothing found", attribute=rule.id)
        for rule in report.rules
        if rule.id not in found
    ]
    return junit_of(report.project, [*(replace(one, phase=one.phase or "lint") for one in report.results), *quiet])


def render_lint_markdown(report: LintReport) -> str:
    """As a page or a comment of a pull request: what is wrong first, then what is waived and what was not looked at."""
    where = f" on {escaped(report.target)}" if report.server else ""
    parts = [
        f"# Rules over {escaped(report.project)}{where}: {count(report.counts.failed, 'error')}, "
        f"{count(report.warnings, 'warning')}, {len(report.waived)} waived",
        f"{moment(report.checked_at)}, nexiom {report.runner}; {coverage_line(report)}.",
        *_findings("## Errors", [one for one in report.results if one.outcome is Outcome.FAIL]),
        *_findings("## Warnings", [one for one in report.results if one.outcome is Outcome.WARN]),
        *_waived(report.waived),
        *_unseen([one for one in report.results if one.outcome in NOT_LOOKED_AT]),
    ]
    return "\n\n".join(parts) + "\n"


def _findings(title: str, results: Sequence[Result]) -> list[str]:
    if not results:
        return []
    rows = [
        (
            escaped(one.attribute or ""),
            escaped(one.subject),
            escaped(one.message or ""),
            code(one.fix) if one.fix else "–",
            escaped(f"{one.place.path}:{one.place.line}") if one.place else "–",
        )
        for one in results
    ]
    return [title, table(("rule", "object", "what", "fix", "where"), rows)]


def _waived(results: Sequence[Result]) -> list[str]:
    rows = [
        (escaped(one.attribute or ""), escaped(one.subject), escaped(one.message or ""), escaped(waiver_of(one)))
        for one in results
    ]
    return ["## Waived", table(("rule", "object", "what", "why"), rows)] if rows else []


def _unseen(results: Sequence[Result]) -> list[str]:
    rows = [
        (str(one.outcome), escaped(one.subject), escaped(one.message or ""), escaped(one.fix or "–")) for one in results
    ]
    return ["## Not looked at", table(("", "what", "why", "what would help"), rows)] if rows else []
