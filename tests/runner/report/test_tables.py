"""Result sets on a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.report.tables import table


def test_columns_are_aligned_and_rows_counted() -> None:
    assert table(["id", "name"], [["1", "Ann"], ["20", None]]) == [
        "id │ name",
        "─────────",
        "1  │ Ann",
        "20 │ ∅",
        "(2 rows)",
    ]


def test_no_rows_are_said() -> None:
    assert table(["id"], [])[-1] == "(0 rows)"


def test_a_long_cell_is_cut_where_it_is_shown() -> None:
    assert table(["x"], [["y" * 200]], widest=10)[2] == "y" * 9 + "…"


def test_line_breaks_and_control_characters_do_not_reach_the_terminal() -> None:
    assert table(["x"], [["a\nb\x1b[31m"]])[2] == "a↵b·[31m"


@given(st.lists(st.lists(st.one_of(st.none(), st.text()), min_size=2, max_size=2)))
def test_any_rows_are_lines(rows: list[list[str | None]]) -> None:
    assert len(table(["a", "b"], rows)) == len(rows) + 3
