"""One thing of a body is changed, and nothing else."""

import pytest

from nexiom_runner.mutate.bodies import change_body

OBJECT = "select jsonb_build_object('a', 1, 'b', f(2, 3), 'c', array[4, 5]) from t"
BLOCK = "declare\n  n int;\nbegin\n  update t set x = 1;\n  return n;\nend"


def changes(body: str, language: str = "sql", returns: str = "jsonb", *, returns_set: bool = False) -> dict[str, str]:
    return {one.what: one.body for one in change_body(body, language, returns, returns_set=returns_set)}


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("a", "select jsonb_build_object('b', f(2, 3), 'c', array[4, 5]) from t"),
        ("b", "select jsonb_build_object('a', 1, 'c', array[4, 5]) from t"),
        ("c", "select jsonb_build_object('a', 1, 'b', f(2, 3)) from t"),
    ],
)
def test_a_key_goes_with_its_value_and_one_comma(key: str, left: str) -> None:
    assert changes(OBJECT)[f'leaves out the key "{key}"'] == left


def test_the_only_key_leaves_an_empty_object() -> None:
    assert changes("select JSONB_BUILD_OBJECT('a', (1))")['leaves out the key "a"'] == "select JSONB_BUILD_OBJECT()"


def test_objects_within_objects_lose_their_own_keys() -> None:
    found = changes("select jsonb_build_object('a', jsonb_build_object('b', 1))")
    assert found['leaves out the key "b"'] == "select jsonb_build_object('a', jsonb_build_object())"


def test_a_key_that_is_computed_stays() -> None:
    assert not any("key" in what for what in changes("select jsonb_build_object(lower('A'), 1)"))


def test_plpgsql_returns_before_its_first_statement() -> None:
    left = changes(BLOCK, "plpgsql")["returns before its first statement"]
    assert left == BLOCK.replace("begin", "begin return null; ", 1)


@pytest.mark.parametrize(("returns", "returns_set"), [("void", False), ("record", True)])
def test_what_returns_no_value_or_rows_returns_none(returns: str, returns_set: bool) -> None:
    found = changes(BLOCK, "plpgsql", returns, returns_set=returns_set)
    assert "begin return; " in found["returns before its first statement"]


def test_an_sql_function_returns_null_of_its_type() -> None:
    assert changes(OBJECT)["returns null without doing anything"] == " select null::jsonb "


@pytest.mark.parametrize(("here", "there"), [("<", "<="), ("<=", "<"), (">", ">="), (">=", ">")])
def test_a_boundary_is_moved_by_one(here: str, there: str) -> None:
    found = changes(f"select 1\nwhere 1 {here} 2")
    assert found[f"compares with {there} instead of {here} in line 2 of its body"] == f"select 1\nwhere 1 {there} 2"


def test_literals_and_comments_are_not_changed() -> None:
    found = changes("select '1 < 2', 'jsonb_build_object(''a'', 1)' -- 1 < 2")
    assert list(found) == ["returns null without doing anything"]


def test_another_language_is_left_alone() -> None:
    assert changes("return 1 < 2", "plpython3u") == {}
