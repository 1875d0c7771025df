"""GitHub annotations: at the line, escaped, and never silently cut at ten."""

from dataclasses import replace

from nexiom_runner.errors import Place
from nexiom_runner.report.github import render_github
from nexiom_runner.results import Kind, Outcome, Result

FOUND = Result(
    Outcome.FAIL,
    Kind.LINT,
    "01_core",
    "function f(integer, text)",
    attribute="row-security-off",
    place=Place("phases/01/apply.sql", 3, 5),
    message="100% open",
    fix="revoke a;\nrevoke b;",
    width=6,
)


def test_an_annotation_stands_on_the_line_within_the_repository() -> None:
    assert render_github([FOUND], prefix="db/") == (
        "::error file=db/phases/01/apply.sql,line=3,col=5,endColumn=11,"
        "title=row-security-off%3A function f(integer%2C text)::100%25 open%0Afix: revoke a;%0Arevoke b;\n"
    )


def test_a_finding_without_a_place_is_annotated_too() -> None:
    assert render_github([replace(FOUND, place=None, fix=None, message="x")]) == (
        "::error title=row-security-off%3A function f(integer%2C text)::x\n"
    )


def test_each_type_is_its_own_command() -> None:
    outcomes = (Outcome.PENDING, Outcome.WARN, Outcome.ERROR, Outcome.PASS)
    lines = render_github([replace(FOUND, outcome=outcome) for outcome in outcomes]).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_ten_are_shown_whole() -> None:
    assert render_github([FOUND] * 10).count("title=row-security-off") == 10


def test_of_more_than_ten_the_tenth_says_how_many_are_left() -> None:
    lines = render_github([FOUND] * 25 + [replace(FOUND, outcome=Outcome.WARN)]).splitlines()
    assert len(lines) == 11
    assert lines[9] == (
        "::error title=nexiom::16 more errors not shown here: GitHub shows 10 of a type in a step. "
        "The log and the report have them all."
    )
    assert lines[10].startswith("::warning ")
