"""Parse trees of statements and bodies."""

import pytest

from nexiom_runner.sql.trees import plpgsql_of, relation, strings, tree_of, trees_of, walk


def test_one_statement_is_what_it_is_called() -> None:
    found = tree_of("drop table crm.leads")
    assert found is not None
    assert found[0] == "DropStmt"


@pytest.mark.parametrize("text", ["drop tabel x", "select 1; select 2", "", "-- nothing"])
def test_what_is_not_one_statement_has_no_tree(text: str) -> None:
    assert tree_of(text) is None


def test_every_statement_of_a_text() -> None:
    assert [tag for tag, _ in trees_of("select 1; insert into t values (1)") or []] == ["SelectStmt", "InsertStmt"]
    assert trees_of("select from from") is None


def test_every_node_below_is_walked_the_outer_ones_first() -> None:
    found = tree_of("select f(g(1)) from public.t")
    assert found is not None
    calls = [strings(node["funcname"]) for tag, node in walk(found[1]) if tag == "FuncCall"]
    assert calls == [["f"], ["g"]]


def test_a_relation_is_in_public_unless_it_says() -> None:
    assert relation({"relname": "t"}) == ("public", "t")
    assert relation({"relname": "t", "schemaname": "crm"}) == ("crm", "t")
    assert relation(None) is None


def test_a_body_of_plpgsql_has_its_lines() -> None:
    bodies = plpgsql_of("create function f() returns int language plpgsql as $$\nbegin\n  return 1;\nend $$")
    returned = [node for tag, node in walk(bodies) if tag == "PLpgSQL_stmt_return"]
    assert [node["lineno"] for node in returned] == [3]


def test_a_body_that_is_none_is_none() -> None:
    assert plpgsql_of("create function f() returns int language plpgsql as $$ begin retrun 1 $$") is None
