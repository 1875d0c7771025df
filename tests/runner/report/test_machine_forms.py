"""JUnit and JSON: what machines read."""

import json
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from report_builders import CALL, PASSED, SKIPPED, WAITING, readiness

from nexiom_runner.report.as_json import render_json
from nexiom_runner.report.junit import render_junit
from nexiom_runner.results import Kind, Outcome, Result

BROKEN = Result(Outcome.ERROR, Kind.AUDIT, None, "audits/x.sql", message="examined nothing")


def suites(*results: Result) -> ElementTree.Element:
    return ElementTree.fromstring(render_junit(readiness(*results, general=(BROKEN,))))


def test_each_outcome_has_its_element() -> None:
    root = suites(PASSED, CALL, WAITING, SKIPPED)
    assert root.attrib["tests"] == "5"
    assert [root.attrib[key] for key in ("failures", "errors", "skipped")] == ["1", "1", "2"]
    assert [child.tag for case in root.iter("testcase") for child in case] == ["failure", "skipped", "skipped", "error"]


def test_a_case_names_its_file_and_line() -> None:
    case = next(case for case in suites(CALL).iter("testcase") if len(case))
    assert case.attrib["name"] == "run_pipeline_once: thirty minutes, fifty items as authenticated"
    assert case.attrib["file"] == "phases/12_pipeline_runner/phase.yml"
    assert case.attrib["line"] == "31"


def test_pending_is_skipped_with_its_owner() -> None:
    skipped = next(suites(WAITING).iter("skipped"))
    assert skipped.attrib["message"] == "PENDING (infrastructure): settings_overview() says it is not set"


@given(st.text())
def test_any_text_is_xml_that_parses(text: str) -> None:
    ElementTree.fromstring(render_junit(readiness(replace(CALL, subject=text, message=text, sql=text))))


def test_json_holds_the_verdict_the_counts_and_every_result() -> None:
    data = json.loads(render_json(readiness(PASSED, CALL, WAITING, SKIPPED)))
    assert data["verdict"] == "NOT READY"
    assert data["counts"] == {"checks": 4, "passed": 1, "failed": 1, "waiting": 1, "not_looked_at": 1}
    assert [one["outcome"] for one in data["phases"][0]["results"]] == ["PASS", "FAIL", "PENDING", "SKIP"]
    assert data["phases"][0]["results"][1]["differences"][0] == {
        "path": "$.routed",
        "expected": "int >= 0",
        "found": '"3" (text)',
        "note": "cast it with ::int inside jsonb_build_object",
    }
