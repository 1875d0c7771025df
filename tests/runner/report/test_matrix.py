"""Calls made as several users, as one table."""

from report_builders import CALL, PASSED, readiness

from nexiom_runner.report.markdown import render_markdown
from nexiom_runner.report.matrix import matrix_lines
from nexiom_runner.results import Kind, Outcome, Result


def cell(subject: str, user: str, came: str, outcome: Outcome = Outcome.PASS) -> Result:
    return Result(outcome, Kind.CALL, "01_a", subject, role=user, cell=came)


CELLS = [
    cell("read: theirs", "anon", "42501"),
    cell("read: theirs", "anna", "2 rows"),
    cell("read: theirs", "bert", "3 rows", Outcome.FAIL),
    cell("write: a|b", "service_role", ""),
    cell("write: a|b", "anna", "", Outcome.SKIP),
]


def test_each_call_is_a_line_and_each_user_a_column() -> None:
    assert matrix_lines([PASSED, *CELLS, CALL]) == [
        "who may what   anon    anna     bert          service_role",
        "read: theirs   42501   2 rows   FAIL 3 rows",
        "write: a|b             –                      –",
    ]


def test_without_a_matrix_there_is_nothing() -> None:
    assert matrix_lines([PASSED, CALL]) == []


def test_the_report_has_the_table() -> None:
    assert render_markdown(readiness(*CELLS)).endswith(
        "## What came of it for whom\n\n"
        "| phase | what | anon | anna | bert | service_role |\n| --- | --- | --- | --- | --- | --- |\n"
        "| 01_a | read: theirs | 42501 | 2 rows | FAIL 3 rows |  |\n"
        "| 01_a | write: a\\|b |  | – |  | – |\n"
    )
