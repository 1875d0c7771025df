"""SARIF that code scanning takes: at the line, with an identity that stays, waived findings suppressed."""

import json
from dataclasses import replace
from typing import Any

from report_builders import CALL, EXECUTE, PASSED, SKIPPED, WAITING

from nexiom_runner.errors import Place
from nexiom_runner.lint.rule import all_rules
from nexiom_runner.report.sarif import render_sarif
from nexiom_runner.results import Kind, Outcome, Result

FOUND = Result(
    Outcome.FAIL,
    Kind.LINT,
    "01_core",
    "table été",
    attribute="row-security-off",
    place=Place("phases/01 é/apply.sql", 3, 5),
    message="row security is off",
    fix="alter table …;",
    excerpt="    create table été",
    width=16,
)


def run_of(*results: Result, prefix: str = "") -> dict[str, Any]:
    text = render_sarif(results, all_rules(), runner="0.1", category="shop/local", prefix=prefix)
    document = json.loads(text)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def results_of(*results: Result, prefix: str = "") -> list[dict[str, Any]]:
    return list(run_of(*results, prefix=prefix)["results"])


def test_a_finding_stands_at_its_characters() -> None:
    (result,) = results_of(FOUND, prefix="db/")
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "db/phases/01%20%C3%A9/apply.sql", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5, "endColumn": 21, "snippet": {"text": "    create table été"}},
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "table été"}]
    assert run_of(FOUND)["columnKind"] == "unicodeCodePoints"


def test_a_finding_says_its_rule_its_object_and_the_fix() -> None:
    (result,) = results_of(FOUND)
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("row-security-off", 0, "error")
    assert result["message"]["text"] == "row-security-off: table été\nrow security is off\nfix: alter table …;"


def test_the_rule_comes_with_its_page_and_how_grave_it_is() -> None:
    (rule,) = run_of(FOUND)["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "Row security is off on a table that an API role can reach"
    assert rule["help"]["markdown"].startswith("# Row security is off")
    assert rule["properties"] == {"tags": ["security"], "precision": "high", "security-severity": "8.0"}


def test_an_identity_stays_when_lines_move_and_words_change() -> None:
    moved = replace(FOUND, place=Place("phases/02/apply.sql", 99, 1), phase="02", message="otherwise said")
    assert fingerprint(FOUND) == fingerprint(moved)
    assert fingerprint(FOUND) != fingerprint(replace(FOUND, subject="table other"))
    assert fingerprint(FOUND) != fingerprint(replace(FOUND, attribute="no-primary-key"))


def fingerprint(*results: Result) -> str:
    return str(results_of(*results)[-1]["partialFingerprints"]["primaryLocationLineHash"])


def test_like_findings_are_told_apart_by_their_number() -> None:
    first, second = (one["partialFingerprints"]["nexiom/v1"] for one in results_of(FOUND, FOUND))
    assert first.endswith(":1")
    assert second == first.replace(":1", ":2")


def test_a_waived_finding_is_suppressed_with_its_reason() -> None:
    waived = replace(FOUND, outcome=Outcome.PASS, detail="waived: a log", owner="ops", until="2027-01-01")
    (result,) = results_of(waived)
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "waived: a log"}]
    assert result["properties"] == {"owner": "ops", "until": "2027-01-01"}


def test_what_passed_waits_or_was_skipped_is_no_alert() -> None:
    assert results_of(PASSED, WAITING, SKIPPED) == []


def test_a_check_that_failed_is_an_alert_of_its_kind() -> None:
    call, execute = results_of(CALL, EXECUTE)
    assert (call["ruleId"], execute["ruleId"]) == ("call", "object/execute")
    assert '$.routed: expected int >= 0, found "3" (text)' in call["message"]["text"]


def test_what_has_no_place_stands_in_the_settings() -> None:
    (result,) = results_of(replace(FOUND, place=None))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "nexiom.yml"


def test_what_could_not_be_looked_at_is_an_error() -> None:
    (result,) = results_of(replace(FOUND, outcome=Outcome.ERROR, place=None, message="permission denied"))
    assert result["level"] == "error"


def test_two_targets_do_not_close_each_others_alerts() -> None:
    assert run_of()["automationDetails"] == {"id": "shop/local/"}
