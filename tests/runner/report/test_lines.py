"""The lines of a terminal or a CI log."""

from dataclasses import replace

from report_builders import CALL, PASSED, SCOPE, SKIPPED, WAITING, readiness

from nexiom_runner.report.lines import phase_line, server_lines, skipped, summary, verdict_line
from nexiom_runner.results import Kind, Outcome, Result

SCRIPT = Result(Outcome.PASS, Kind.SCRIPT, "00_platform", "00_platform/apply.sql", statements=3, seconds=0.011)


def test_a_phase_that_was_applied_and_checked() -> None:
    assert phase_line("00_platform", 18, "applied", [SCRIPT, PASSED]) == (
        " 00_platform        applied     3 statements    11 ms   audit 1/1     test –"
    )


def test_what_failed_and_what_waits_ends_the_line() -> None:
    assert phase_line("12_x", 4, "applied", [CALL, WAITING]).endswith("test 0/1    1 failed, 1 waiting")


def test_waiting_work_is_told_with_its_owner() -> None:
    assert summary([PASSED, WAITING]) == [
        "audits   none                           tests   none",
        "waiting  WHATSAPP_ACCESS_TOKEN   infrastructure   settings_overview() says it is not set",
    ]


def test_the_verdict_counts_everything() -> None:
    assert verdict_line(readiness(PASSED, CALL, WAITING, SKIPPED), 1.93) == (
        "NOT READY   1 phase, 4 checks: 1 passed, 1 failed, 1 waiting, 1 not looked at   in 1.9 s"
    )


def test_the_verdict_counts_phases_that_are_not_applied() -> None:
    assert verdict_line(readiness(state="pending"), 0.5).startswith("NOT READY   1 phase (1 not applied), 0 checks")


def test_a_part_has_a_word_of_its_own() -> None:
    assert verdict_line(readiness(PASSED), 0.5, "PASSED").startswith("PASSED   1 phase, 1 check: 1 passed")


def test_what_was_skipped_says_why() -> None:
    assert skipped([SKIPPED]) == ["skipped  12_pipeline_runner  tests/sql/x.sql: target is protected"]


def test_what_a_call_that_says_only_left_out_is_one_line() -> None:
    left_out = replace(SKIPPED, message="another call says only")
    assert skipped([left_out, left_out]) == ["skipped  2 checks: another call says only"]


def test_a_part_of_a_shape_that_was_skipped_is_named() -> None:
    part = Result(Outcome.SKIP, Kind.CALL, "01_a", "function f()", "$.messages[*]", message="no call returned an item")
    assert skipped([part]) == ["skipped  01_a  function f() $.messages[*]: no call returned an item"]


def waiting_for(phase: str | None, subject: str, message: str = "the phase is not applied") -> Result:
    return Result(Outcome.SKIP, Kind.OBJECT, phase, subject, message=message)


def test_a_phase_that_is_not_applied_is_one_line() -> None:
    results = [PASSED, waiting_for("02_b", "table b"), waiting_for("02_b", "table c"), waiting_for("03_c", "table d")]
    assert skipped(results, "local") == [
        "skipped  02_b: the phase is not applied (2 checks)",
        "skipped  03_c: the phase is not applied (1 check)",
    ]


def test_where_nothing_is_applied_there_is_one_line() -> None:
    results = [waiting_for("02_b", "table b"), waiting_for(None, "rows", "phase 02_b is not applied")]
    assert skipped(results, "local") == ["nothing is applied on local: nexiom build"]


def test_what_would_state_it_stands_below() -> None:
    result = Result(Outcome.SKIP, Kind.OBJECT, None, "function f()", message="PUBLIC may execute it", fix="state it")
    assert skipped([result]) == ["skipped  all phases  function f(): PUBLIC may execute it", "         fix  state it"]


def test_a_server_of_another_major_version_than_the_platform_is_told() -> None:
    scope = replace(SCOPE, server="15.18 (Debian 15.18-0+deb12u1)", asked=17)
    assert server_lines(scope) == ["server   PostgreSQL 15.18 stands in for 17"]
    assert server_lines(SCOPE) == []
