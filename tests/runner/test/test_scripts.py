"""Scripts of tests/sql: what their statements return, what is refused, and that nothing remains."""

import pytest

from nexiom_runner.errors import Place, ScriptError, describe
from nexiom_runner.render.values import TargetFacts
from nexiom_runner.results import Difference, Kind, Outcome


@pytest.fixture
def found(bench):
    """The results of one script on a database without phases of note."""

    def run(sql, assertions=""):
        bench.phase("")
        bench.script(sql, assertions)
        return bench.look()

    return run


@pytest.fixture
def refused(bench):
    """The faults of a script that cannot run, as they are printed."""

    def run(sql, assertions=""):
        bench.phase("")
        bench.script(sql, assertions)
        with pytest.raises(ScriptError) as caught:
            bench.look()
        return [describe(fault) for fault in caught.value.faults]

    return run


def test_statements_before_the_asserted_one_may_write(found, session):
    results = found(
        "create table t (i integer);\ninsert into t values (1), (2);\nselect i from t order by i;\n",
        "3: {rows: 2, columns: {i: int > 0}}\n",
    )
    assert [(result.outcome, result.kind, result.subject) for result in results] == [
        (Outcome.PASS, Kind.SQL_TEST, "tests/sql/t.sql: 3")
    ]
    assert results[0].place == Place("tests/sql/t.yml", 2, 3)
    assert session.send("select to_regclass('t')")[0].rows == ((None,),)


def test_a_statement_is_found_by_its_name(found):
    (result,) = found("set local search_path = '';\n-- name: answer\nselect 42 as n;", "answer: {columns: {n: 42}}\n")
    assert (result.outcome, result.subject) == (Outcome.PASS, "tests/sql/t.sql: answer")


def test_every_row_is_compared_and_every_difference_told(found):
    (result,) = found(
        'select * from (values (1, \'{"a": 1}\'::jsonb), (null, \'{"a": "x"}\')) as v (n, j)',
        "1: {rows: 1, columns: {n: int, j: {a: int}}}\n",
    )
    assert result.outcome is Outcome.FAIL
    assert result.differences == (
        Difference("rows", "1", "2"),
        Difference("row 2 $.n", "int", "null", "sum, min and max over no rows are null: coalesce(…, 0)"),
        Difference("row 2 $.j.a", "int", '"x" (text)', None),
    )


def test_columns_are_exactly_those_in_that_order(found):
    (result,) = found("select 1 as a, 2 as b", "1: {columns: {b: int, a: int}}\n")
    assert result.differences == (Difference("columns", "b, a", "a, b"),)


def test_no_row_where_values_are_stated_is_not_green(found):
    (result,) = found("select 1 as a where false", "1: {columns: {a: int}}\n")
    assert result.differences == (
        Difference("rows", "1..", "0", "no row, no value compared; write rows: 0.. where that may be"),
    )


def test_rows_alone_may_be_stated(found):
    (result,) = found("select 1 as a where false", "1: {rows: 0}\n")
    assert result.outcome is Outcome.PASS


def test_an_assertion_of_a_statement_without_rows_fails(found):
    (result,) = found("create table t ()", "1: {rows: 1, columns: {a: int}}\n")
    assert result.differences == (Difference("rows", "1", "0"), Difference("columns", "a", "none"))


def test_rows_that_nothing_asserts_are_refused_with_the_text_to_paste(found):
    checked, result = found(
        "select 1 as a;\nselect 'x' as \"a b\", null::int as n, '[{\"id\": 1}]'::json as j;\n",
        "1: {columns: {a: 1}}\n",
    )
    assert checked.outcome is Outcome.PASS
    assert (result.outcome, result.message) == (Outcome.ERROR, "statement 2 returns rows that nothing asserts")
    assert result.place == Place("tests/sql/t.sql", 2, 1)
    assert result.fix == (
        "write in tests/sql/t.yml, under statements:\n"
        "  2:\n"
        "    rows: 1\n"
        "    columns:\n"
        '      "a b": text\n'
        "      n: null\n"
        "      j: [{id: int}]"
    )


def test_a_script_that_asserts_nothing_is_not_green(found):
    (result,) = found("create table t ();")
    assert (result.outcome, result.message) == (Outcome.ERROR, "nothing it does is asserted")
    assert result.fix == "Write tests/sql/t.yml with what a statement must return."


def test_an_error_points_at_the_file_and_blocks_what_follows(found):
    failed, blocked = found(
        "create table t (i integer);\nselect i,\n  j from t;\nselect 1 as a;\n",
        "2: {columns: {i: int}}\n3: {columns: {a: 1}}\n",
    )
    assert (failed.outcome, failed.message) == (Outcome.FAIL, '42703 column "j" does not exist')
    assert (failed.subject, failed.place) == ("tests/sql/t.sql: 2", Place("tests/sql/t.sql", 3, 3))
    assert (failed.excerpt, failed.width) == ("  j from t;", 1)
    assert (blocked.outcome, blocked.subject, blocked.message) == (
        Outcome.BLOCKED,
        "tests/sql/t.sql: 3",
        '"2" (tests/sql/t.sql:2) failed before it',
    )


def test_a_deferred_constraint_is_checked_at_the_end(found):
    *_, result = found(
        "create table a (i int primary key); create table b (i int references a deferrable initially deferred);\n"
        "insert into b values (1);\nselect 1 as a;",
        "4: {columns: {a: 1}}\n",
    )
    assert (result.outcome, result.subject) == (Outcome.FAIL, "tests/sql/t.sql: constraints")
    assert result.message == ('23503 insert or update on table "b" violates foreign key constraint "b_i_fkey"')


def test_a_template_is_rendered_and_a_secret_is_sent_but_not_told(bench):
    bench.secrets["KEY"] = "it's"
    bench.phase("")
    bench.script(
        "select {{ secret('KEY') | literal }} as k, {{ target.name | literal }} as t",
        "1: {columns: {k: int, t: in(local)}}\n",
    )
    (result,) = bench.look()
    assert result.differences == (Difference("row 1 $.k", "int", '"‹secret:KEY›" (text)', None),)


def test_no_script_runs_on_a_protected_target(bench):
    bench.target = TargetFacts("production", protected=True)
    bench.phase("")
    bench.script("select 1 as a", "1: {columns: {a: 1}}\n")
    bench.script("select 1", "", "u")
    assert [(result.outcome, result.subject, result.message) for result in bench.look()] == [
        (Outcome.SKIP, "tests/sql/t.sql: 1", '"production" is protected'),
        (Outcome.SKIP, "tests/sql/u.sql", '"production" is protected'),
    ]


REFUSED = [
    (
        "insert into t values (1);\n  Commit;\n",
        "",
        """\
error: "Commit" cannot stand in a test
  tests/sql/t.sql:2:3
    2 |   Commit;
      |   ^^^^^^
detail: Its transaction is begun and rolled back for it.""",
    ),
    (
        "-- nothing\n",
        "",
        'error: "tests/sql/t.sql" has no statement\n  tests/sql/t.sql:1:1\n'
        "hint: Write SQL into it, or delete the file.",
    ),
    (
        "select 1 as a;",
        "2: {columns: {a: 1}}\n",
        """\
error: no statement is "2": "tests/sql/t.sql" has 1 statement
  tests/sql/t.yml:2:3
    2 |   2: {columns: {a: 1}}
      |   ^""",
    ),
    (
        "-- name: a\nselect 1 as a;\n-- name: a\nselect 1 as a",
        "a: {columns: {a: 1}}\n",
        """\
error: two statements are called "a"
  tests/sql/t.yml:2:3
    2 |   a: {columns: {a: 1}}
      |   ^
hint: Give each its own name.""",
    ),
    (
        "-- name: a\nselect 1 as a",
        "a: {columns: {a: 1}}\n1: {columns: {a: 1}}\n",
        """\
error: statement 1 is asserted twice
  tests/sql/t.yml:3:3
    3 |   1: {columns: {a: 1}}
      |   ^
hint: It is also called "a".""",
    ),
]


@pytest.mark.parametrize(("sql", "assertions", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_script_that_cannot_be_a_test_is_refused_before_it_runs(refused, sql, assertions, message):
    assert refused(sql, assertions) == [message]


def test_a_lost_connection_is_an_error(found):
    (result,) = found("select pg_terminate_backend(pg_backend_pid()) as a", "1: {columns: {a: true}}\n")
    assert (result.outcome, result.message) == (Outcome.ERROR, "the connection to the server was lost")
