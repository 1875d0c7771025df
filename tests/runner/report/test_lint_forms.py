"""What the rules found, as JSON, JUnit XML and Markdown, and in the readiness report."""

import json
from dataclasses import replace
from xml.etree import ElementTree

from report_builders import readiness

from nexiom_runner.errors import Place
from nexiom_runner.lint.rule import all_rules
from nexiom_runner.report.lint import LintReport, coverage_line, lint_verdict
from nexiom_runner.report.lint_forms import render_lint_json, render_lint_junit, render_lint_markdown
from nexiom_runner.report.markdown import render_markdown
from nexiom_runner.results import Kind, Outcome, Result

FOUND = Result(
    Outcome.FAIL,
    Kind.LINT,
    "01_core",
    "table a|b",
    attribute="row-security-off",
    place=Place("phases/01_core/apply.sql", 3, 1),
    message="row security is off",
    fix="alter table a;",
)
WAIVED = replace(
    FOUND, outcome=Outcome.PASS, subject="table log", detail="waived: a log", owner="ops", until="2027-01-01"
)
WARNED = replace(FOUND, outcome=Outcome.WARN, attribute="no-primary-key", message="has no primary key", fix=None)
BLIND = Result(Outcome.ERROR, Kind.LINT, None, "policies", message="permission denied", fix="grant select on x to y;")
UNSEEN = Result(Outcome.SKIP, Kind.LINT, None, "plpgsql_check", message="it is not there")


def report(*results: Result) -> LintReport:
    rules = tuple(all_rules()[id] for id in ("row-security-off", "no-primary-key"))
    objects = {"table": 1, "policy": 2}
    return LintReport("shop", "staging", "2026-11-22T15:10:00+00:00", "0.1", results, rules, 61, 0, objects, "17.6")


def test_json_has_what_was_found_waived_and_looked_at() -> None:
    document = json.loads(render_lint_json(report(FOUND, WAIVED, UNSEEN)))
    assert [one["subject"] for one in document["findings"]] == ["table a|b", "plpgsql_check"]
    assert [(one["subject"], one["owner"], one["until"]) for one in document["waived"]] == [
        ("table log", "ops", "2027-01-01")
    ]
    assert document["coverage"] == {
        "statements": 61,
        "unparsed": 0,
        "objects": {"table": 1, "policy": 2},
        "rules": ["row-security-off", "no-primary-key"],
    }


def test_junit_has_a_case_for_each_finding_and_for_each_quiet_rule() -> None:
    root = ElementTree.fromstring(render_lint_junit(report(FOUND, UNSEEN)))
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["skipped"]) == ("3", "1", "1")
    assert "nothing found no-primary-key" in [case.attrib["name"] for case in root.iter("testcase")]


def test_markdown_says_errors_then_warnings_then_what_is_waived_and_unseen() -> None:
    assert (
        render_lint_markdown(report(FOUND, WARNED, WAIVED, BLIND))
        == """\
# Rules over shop on staging: 1 error, 1 warning, 1 waived

2026-11-22 15:10 UTC, nexiom 0.1; looked at 61 statements, 0 UNPARSED; 1 table, 2 policies; 2 rules.

## Errors

| rule | object | what | fix | where |
| --- | --- | --- | --- | --- |
| row-security-off | table a\\|b | row security is off | `alter table a;` | phases/01_core/apply.sql:3 |

## Warnings

| rule | object | what | fix | where |
| --- | --- | --- | --- | --- |
| no-primary-key | table a\\|b | has no primary key | – | phases/01_core/apply.sql:3 |

## Waived

| rule | object | what | why |
| --- | --- | --- | --- |
| row-security-off | table log | row security is off | a log (ops, until 2027-01-01) |

## Not looked at

|  | what | why | what would help |
| --- | --- | --- | --- |
| ERROR | policies | permission denied | grant select on x to y; |
"""
    )


def test_the_coverage_line_says_that_no_server_was_asked() -> None:
    offline = replace(report(), server=None)
    assert coverage_line(offline) == "looked at 61 statements, 0 UNPARSED; no object: no server was asked; 2 rules"


def test_the_verdict_counts() -> None:
    line = lint_verdict(report(FOUND, WARNED, WAIVED, BLIND), 0.4, failed=True)
    assert line == "FAILED   1 error, 1 warning, 1 waived, 1 not looked at   in 400 ms"


def test_the_readiness_report_has_a_section_only_where_something_was_found() -> None:
    assert "What the rules found" not in render_markdown(readiness())
    text = render_markdown(readiness(FOUND, WAIVED))
    assert (
        "## What the rules found\n\n| rule | what | why | fix |\n| --- | --- | --- | --- |\n| FAIL row-security-off "
        in text
    )
    assert "| row-security-off | table log | row security is off — a log | ops | 2027-01-01 |" in text
    assert "## Ce que les règles ont trouvé\n" in render_markdown(readiness(FOUND), "fr")
