"""Analysers are asked only for detail."""

import subprocess
import sys

import pytest

from nexiom_runner.sql import analysis
from nexiom_runner.sql.analysis import is_select, unparsed


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "-- a\nSELECT 1;",
        "(select 1) union (select 2)",
        "values (1)",
        "table t",
        "with x as (select 1) select * from x",
        "with recursive x(a) as (values (1)) table x",
        "select for_update, delete_me from t",
        "select substring('a' for 1)",
        "select 'insert into'",
    ],
)
def test_query_that_only_reads_is_a_select(text: str) -> None:
    assert is_select(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- select 1",
        "select 1; select 2",
        "insert into t values (1)",
        "select 1 into t",
        "select * from t for update",
        "select * from t for no key update",
        "with x as (insert into t values (1) returning *) select * from x",
        "with x as (select 1) delete from t",
        "with x as (select 1) merge into t using x on true when matched then delete",
        "explain select 1",
        "do $$ begin end $$",
        "create view v as select 1",
        "(",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert not is_select(text)


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "create function f() returns int language sql security definer as $$ select 1 $$",
        "notify x, 'y'",
        "alter view v set (security_invoker)",
        "create policy p on t using (true)",
        "do $$ begin end $$",
    ],
)
def test_pgparse_reads_what_sqlglot_cannot(text: str) -> None:
    pytest.importorskip("pgparse")
    assert unparsed(text) is None


def test_what_no_analyser_reads_says_why() -> None:
    pytest.importorskip("pgparse")
    assert unparsed("selec 1") == 'syntax error at or near "selec"'


def test_sqlglot_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "_unread_by_pgparse", lambda statement: "")
    assert unparsed("select 1") is None
    assert unparsed("create policy p on t using (true)") == "sqlglot does not know this statement"


def test_sqlglot_logs_nothing() -> None:
    code = (
        "from nexiom_runner.sql import analysis\n"
        "analysis._unread_by_pgparse = lambda statement: ''\n"
        "print(analysis.unparsed('alter tabel t add x int'))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("sqlglot does not know this statement\n", "")


def test_reading_scripts_imports_no_analyser() -> None:
    code = (
        "import sys, nexiom_runner.sql.script, nexiom_runner.sql.analysis\n"
        "print({'sqlglot', 'pgparse', 'jinja2', 'yaml'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
