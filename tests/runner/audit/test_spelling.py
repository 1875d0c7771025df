"""One plan spells everything; what the server refuses is told apart and the rest is still compared."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexiom_runner.audit.spelling import Speller, column_expression, type_expression, type_name, value_expression
from nexiom_runner.catalog.model import Column, Table
from nexiom_runner.database.session import Session


def test_what_is_equal_as_written_is_never_asked() -> None:
    speller = Speller({})
    assert speller.same_type("timestamptz", "timestamp with time zone")
    assert speller.same_type('"Mo od"', '"Mo od"')
    assert speller.asked == {}
    assert speller.unknown is False


def test_all_spellings_are_one_plan(session: Session) -> None:
    table = Table("public", "t%", "table", "o", columns=(Column("a %", "text", False), Column("b", "integer", False)))
    speller = Speller({("public", "t%"): table})
    pairs = [
        (value_expression("'1 hour'", "interval"), value_expression("'60 minutes'", "interval")),
        (type_expression("int4 []"), type_expression("integer[]")),
        (
            column_expression("\"a %\" like 'x%'", ("public", "t%")),
            column_expression("\"a %\" ~~ 'x%'::text", ("public", "t%")),
        ),
    ]
    assert [speller.same(*pair) for pair in pairs] == [False, False, False]
    before = session.round_trips
    speller.resolve(session)
    assert session.round_trips - before == 3
    assert [speller.same(*pair) for pair in pairs] == [True, True, True]


def test_each_that_is_refused_is_told_and_the_others_are_spelt(session: Session) -> None:
    speller = Speller({})
    bad = [
        type_expression("nothing"),
        value_expression("1/0", "int"),
        value_expression("'x'", "int"),
        type_expression("int("),
    ]
    good = [value_expression(str(number), "bigint") for number in range(20)]
    for one in (*good[:10], *bad, *good[10:]):
        speller.same(one, type_expression("text"))
    speller.resolve(session)
    assert [fault.message if (fault := speller.fault(one)) else None for one in bad] == [
        'type "nothing" does not exist',
        "division by zero",
        'invalid input syntax for type integer: "x"',
        "a bracket is not closed",
    ]
    assert [speller.known[one] for one in good] == [f"'{number}'::bigint" for number in range(20)]


def test_nothing_of_an_expression_is_executed(session: Session) -> None:
    body = "begin drop table hit; return 1; end"
    session.send(f"create table hit (); create function hit() returns int language plpgsql as '{body}'")
    speller = Speller({})
    speller.same(value_expression("hit()", "int"), value_expression("1", "int"))
    speller.resolve(session)
    assert speller.known[value_expression("hit()", "int")] == "hit()"
    assert session.send("select to_regclass('hit')::text")[0].rows == (("hit",),)


@given(st.lists(st.text(alphabet="'\"()[];,$%{}_-/*\\ab1 .:\n", max_size=12), min_size=1, max_size=6))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_out_of_the_plan(session: Session, texts: list[str]) -> None:
    speller = Speller({})
    for text in texts:
        speller.same(value_expression(text, "text"), value_expression("'x'", "text"))
    speller.resolve(session)
    assert all(value_expression(text, "text") in speller.known for text in texts)
    assert speller.known[value_expression("'x'", "text")] == "'x'::text"


@pytest.mark.parametrize(
    ("text", "name"),
    [("mood", "mood"), ("crm.mood[]", "mood"), ('"Ünï"."Mo od"', "Mo od"), ("numeric(3, 2)", "numeric")],
)
def test_the_bare_name_of_a_type(text: str, name: str) -> None:
    assert type_name(text) == name
