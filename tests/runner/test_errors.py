"""The printed form of an error, asserted whole."""

from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.errors import Fault, Place, ServerError, ServerReport, describe, with_source

PLACE = Place("phases/08_reviews/apply.sql", 11, 6)


def test_a_fault_reads_place_excerpt_detail_state_hint() -> None:
    fault = Fault(
        'phase "08_reviews" failed: relation "public.leads" does not exist',
        PLACE,
        "from public.leads as l",
        12,
        detail="PostgreSQL reported SQLSTATE 42P01 in statement 2 of 5.",
        state='"08_reviews" was rolled back.',
        hint='Table "crm.leads" is created by phase "07_leads"; is the schema name right?',
    )
    assert describe(fault) == (
        'error: phase "08_reviews" failed: relation "public.leads" does not exist\n'
        "  phases/08_reviews/apply.sql:11:6\n"
        "    11 | from public.leads as l\n"
        "       |      ^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42P01 in statement 2 of 5.\n"
        'state: "08_reviews" was rolled back.\n'
        'hint: Table "crm.leads" is created by phase "07_leads"; is the schema name right?'
    )


def test_a_fault_without_a_place_is_one_line() -> None:
    assert describe(Fault("no target")) == "error: no target"


def test_tabs_before_the_mark_stay_tabs() -> None:
    assert describe(Fault("x", Place("a", 1, 2), "\tselect", 6)).split("\n")[3] == "      | \t^^^^^^"


def test_a_long_line_is_shown_around_its_place() -> None:
    shown = describe(Fault("x", Place("a", 1, 5001), "x" * 5000 + "HERE" + "y" * 5000, 4)).split("\n")
    assert len(shown[2]) < 180
    assert shown[2][shown[3].index("^") :][:4] == "HERE"


def test_a_mark_never_runs_past_the_line() -> None:
    assert describe(Fault("x", Place("a", 1, 3), "abcd", 40)).split("\n")[3] == "      |   ^^"


def test_the_source_line_is_taken_from_the_text() -> None:
    assert with_source(Fault("x", Place("a", 2)), "one\ntwo").source == "two"


def test_a_place_past_the_end_has_no_source_line() -> None:
    assert with_source(Fault("x", Place("a", 3)), "one\ntwo").source is None


def test_a_servers_error_says_its_sqlstate() -> None:
    error = ServerError(ServerReport("42P01", "ERROR", 'relation "x" does not exist'))
    assert describe(error.faults[0]) == (
        'error: relation "x" does not exist\ndetail: PostgreSQL reported SQLSTATE 42P01.'
    )


@given(st.text(), st.integers(1, 400), st.integers(1, 400))
def test_no_text_breaks_the_form(source: str, column: int, width: int) -> None:
    line = source.split("\n")[0]
    assert describe(Fault("x", Place("a", 1, column), line, width)).startswith("error: x\n  a:1:")
