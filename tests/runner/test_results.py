"""Counts, verdicts and exit codes."""

import pytest

from nexiom_runner.results import Kind, Outcome, Result, Tally, Verdict, exit_code, tally, verdict


def result(outcome: Outcome, kind: Kind = Kind.OBJECT) -> Result:
    return Result(outcome, kind, "01_core", "table messages")


def test_scripts_are_not_checks() -> None:
    assert tally([result(Outcome.PASS, Kind.SCRIPT), result(Outcome.PASS)]) == Tally(1, 0, 0, 0)


def test_every_outcome_is_counted_once() -> None:
    assert tally(map(result, Outcome)) == Tally(2, 1, 1, 4)
    assert tally(map(result, Outcome)).checks == len(Outcome)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Outcome.PASS, Outcome.WARN], Verdict.READY),
        ([Outcome.PASS, Outcome.SKIP], Verdict.READY),
        ([Outcome.PASS, Outcome.PENDING], Verdict.READY_WITH_PENDING),
        ([Outcome.PENDING, Outcome.ERROR], Verdict.UNKNOWN),
        ([Outcome.PASS, Outcome.UNPARSED], Verdict.UNKNOWN),
        ([Outcome.ERROR, Outcome.FAIL], Verdict.NOT_READY),
        ([Outcome.PASS, Outcome.BLOCKED], Verdict.NOT_READY),
        ([], Verdict.UNKNOWN),
    ],
)
def test_the_first_verdict_that_applies(outcomes: list[Outcome], expected: Verdict) -> None:
    assert verdict([result(outcome) for outcome in outcomes]) is expected


def test_a_phase_not_applied_is_not_ready() -> None:
    assert verdict([result(Outcome.PASS)], unapplied=1) is Verdict.NOT_READY


def test_drift_is_not_ready() -> None:
    assert verdict([result(Outcome.PASS)], drift=True) is Verdict.NOT_READY


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_failed_or_was_not_looked_at_fails_the_run(outcome: Outcome) -> None:
    failing = outcome in (Outcome.FAIL, Outcome.ERROR, Outcome.BLOCKED, Outcome.UNPARSED)
    assert exit_code([result(Outcome.PASS), result(outcome)]) == int(failing)


def test_fail_on_raises_what_would_pass() -> None:
    assert exit_code([result(Outcome.PENDING)], fail_on=[Outcome.PENDING]) == 1


def test_drift_fails_the_run() -> None:
    assert exit_code([], drift=True) == 1
