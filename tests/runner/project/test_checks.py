"""audits/ and tests/sql/ with their first lines and the expectations beside them."""

import pytest

from nexiom_runner.errors import Place
from nexiom_runner.project.model import ResultOf, StatementExpectation, Text
from nexiom_runner.shape.model import Bound, Key, Object, Type

PHASE = {"phases/01_a/apply.sql": "select 1;"}


@pytest.fixture
def audit(load):
    return lambda text: load({**PHASE, "audits/a.sql": text}).audits[0]


@pytest.fixture
def statements(load):
    """What is expected of a script's statements."""
    script = "select 1;\n-- name: settings\nselect 2"
    return lambda text: load({"tests/sql/t.sql": script, "tests/sql/t.yml": text}).sql_tests[0].statements


def test_the_first_lines_of_an_audit_name_its_phase_and_why_it_may_be_empty(audit):
    found = audit("-- Which tables?\n--phase: 01_a\n\n-- may be empty:  none yet: soon \nselect 1\n")
    assert found.phase == Text("01_a", Place("audits/a.sql", 2, 10))
    assert found.may_be_empty == "none yet: soon"


def test_what_stands_behind_the_first_statement_is_no_first_line(audit):
    found = audit("select 1\n-- phase: 01_b\n")
    assert (found.phase, found.may_be_empty) == (None, None)


@pytest.mark.parametrize("line", ["-- Checks: all tables", "-- note that: x", "-- see https://example.org", "--"])
def test_any_other_comment_is_a_comment(audit, line):
    assert audit(f"{line}\nselect 1").phase is None


def test_audits_stand_by_name(load):
    project = load({"audits/b.sql": "x", "audits/a.sql": "x", "audits/README.md": "x"})
    assert [audit.source.path for audit in project.audits] == ["audits/a.sql", "audits/b.sql"]


def test_a_statement_is_expected_by_position_or_name(statements):
    routed = Object((Key("routed", Type("int", (Bound(">=", "0"),))),))
    assert statements(
        "statements:\n  1: {rows: 1, columns: {result: {routed: int >= 0}, n: int}}\n  settings: {rows: 1..5}\n"
    ) == (
        StatementExpectation("1", Place("tests/sql/t.yml", 2, 3), (1, 1), (("result", routed), ("n", Type("int")))),
        StatementExpectation("settings", Place("tests/sql/t.yml", 3, 3), (1, 5), ()),
    )


@pytest.mark.parametrize(("rows", "range_"), [("0", (0, 0)), ("0..", (0, None)), ("2..2", (2, 2)), ("'3'", (3, 3))])
def test_rows_are_a_number_or_a_range(statements, rows, range_):
    assert statements(f"statements: {{1: {{rows: {rows}}}}}")[0].rows == range_


def test_rows_that_are_not_stated_are_not_compared(statements):
    assert statements("statements: {1: {columns: {a: int}}}")[0].rows is None


def test_a_name_that_a_template_makes_is_left_to_the_test(load):
    files = {"tests/sql/t.sql": "-- name: {{ var('x') }}\nselect 1", "tests/sql/t.yml": "statements: {x: {rows: 1}}"}
    assert load(files).sql_tests[0].statements[0].key == "x"


def test_a_test_without_yml_expects_nothing(load):
    test = load({**PHASE, "tests/sql/t.sql": "-- phase: 01_a\nselect 1"}).sql_tests[0]
    assert (test.settings, test.statements) == (None, ())
    assert test.phase == Text("01_a", Place("tests/sql/t.sql", 1, 11))


TOTALS = "title: A\nexpect: {functions: {totals: {result: {sum: int}}}}\n"
ASKS = "statements: {{1: {{columns: {{r: {{$result: {}}}}}}}}}"


def test_a_column_may_have_the_shape_of_a_function_s_result(load):
    files = {"phases/01_a/phase.yml": TOTALS, "phases/01_a/apply.sql": "select 1", "tests/sql/t.sql": "select 1"}
    (test,) = load({**files, "tests/sql/t.yml": ASKS.format("totals")}).sql_tests
    assert test.statements[0].columns == (("r", ResultOf("public", "totals", Place("tests/sql/t.yml", 1, 41))),)


OVERLOADS = """\
title: A
expect:
  functions:
    f:
    - {arguments: {p: int}, result: int}
    - {arguments: {p: text}, result: int}
    totals: {result: {sum: int}}
"""
REFUSED_RESULTS = {
    "total": (
        'error: no phase states what function "total" returns\n  tests/sql/t.yml:1:41\n'
        "    1 | statements: {1: {columns: {r: {$result: total}}}}\n"
        "      |                                         ^^^^^\n"
        'hint: Did you mean "totals"?'
    ),
    "crm.other": (
        'error: no phase states what function "crm.other" returns\n  tests/sql/t.yml:1:41\n'
        "    1 | statements: {1: {columns: {r: {$result: crm.other}}}}\n"
        "      |                                         ^^^^^^^^^\n"
        "hint: State it in a phase.yml: expect.functions.crm.other.result."
    ),
    "f": (
        'error: "f" is f(integer) and f(text)\n  tests/sql/t.yml:1:41\n'
        "    1 | statements: {1: {columns: {r: {$result: f}}}}\n"
        "      |                                         ^\n"
        "hint: The name does not tell which is meant; write the shape itself."
    ),
    "totals, rows: 3": (
        'error: "rows" cannot stand beside "$result" in "statements.1.columns.r"\n  tests/sql/t.yml:1:49\n'
        "    1 | statements: {1: {columns: {r: {$result: totals, rows: 3}}}}\n"
        "      |                                                 ^^^^\n"
        "hint: The whole value has the shape of what the function returns."
    ),
}


@pytest.mark.parametrize("name", REFUSED_RESULTS)
def test_a_function_whose_result_is_not_known_is_refused(refused, name):
    files = {"phases/01_a/phase.yml": OVERLOADS, "phases/01_a/apply.sql": "select 1", "tests/sql/t.sql": "select 1"}
    assert refused({**files, "tests/sql/t.yml": ASKS.format(name)}) == [REFUSED_RESULTS[name]]
