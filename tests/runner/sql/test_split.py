"""Statements are cut where the server's grammar cuts them, and keep every character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.split import Statement, split

STATEMENTS = [
    "select 1",
    "create table t (a int)",
    "insert into t values (';')",
    "create rule r as on insert to t do (insert into a values (1); select 2)",
    "create function f() returns int begin atomic select case when true then 1 end; select 2; end",
    "do $$ begin perform 1; end $$",
    "-- nothing;\nselect 2",
    "/* ; */ values (1)",
]


@given(st.text(max_size=60) | st.lists(st.sampled_from([*STATEMENTS, ";", " ", "\n"]), max_size=8).map("; ".join))
def test_joined_statements_are_the_text(text: str) -> None:
    found = split(text)
    assert "".join(statement.text for statement in found) == (text if found else "")


@given(
    st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=6), st.sampled_from([";", " ;\n", "; -- end\n", ";;"])
)
def test_as_many_statements_come_out_as_were_written(written: list[str], between: str) -> None:
    assert len(split(between.join(written))) == len(written)


@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4).map(";\n".join))
def test_a_statement_alone_is_split_as_it_is_among_others(text: str) -> None:
    assert all(len(split(statement.text)) == 1 for statement in split(text))


def test_tricky_statements_are_cut_as_libpg_query_cuts_them(case: str) -> None:
    pgparse = pytest.importorskip("pgparse")
    encoded = case.encode()
    expected = []
    for found in pgparse.parse(case):
        start = found.get("stmt_location", 0)
        end = start + found["stmt_len"] if "stmt_len" in found else len(encoded)
        expected.append(meaning(encoded[start:end].decode()))
    assert [meaning(statement.text) for statement in split(case)] == expected


@pytest.mark.parametrize("text", ["", "  \n", "-- nothing", "/* a */ ;;", ";"])
def test_text_without_statement_has_none(text: str) -> None:
    assert split(text) == ()


def test_comment_above_belongs_to_its_statement_and_comment_behind_to_the_one_before() -> None:
    first, second = split("select 1; -- one\n-- two\nselect 2;\n-- end\n")
    assert (first.text, second.text) == ("select 1; -- one", "\n-- two\nselect 2;\n-- end\n")


def test_head_is_the_first_token() -> None:
    text = "/* a */ select 1;\n\n-- b\n  select 2"
    assert [text[statement.head :][:8] for statement in split(text)] == ["select 1", "select 2"]


def test_parenthesis_that_is_not_closed_does_not_swallow_the_rest() -> None:
    assert [statement.head for statement in split("select (1;\nselect 2;")] == [0, 11]


def test_positions_are_characters_not_bytes() -> None:
    assert split("select 'é😀';select 2")[1] == Statement(12, 20, "select 2", 12)


def meaning(text: str) -> list[str]:
    """The tokens, without the `;` before or behind, which libpg_query counts to no statement."""
    pieces = [piece for _, piece in significant(lexemes(text))]
    while pieces and pieces[-1] == ";":
        pieces.pop()
    return pieces[next((index for index, piece in enumerate(pieces) if piece != ";"), 0) :]
