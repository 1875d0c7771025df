"""What a body touches: tables with their columns, calls, what it executes as text."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexiom_runner.sql import touches
from nexiom_runner.sql.touches import Body, body_of


def told(body: Body) -> list[str]:
    """`t select a, b`, `t delete *`, in order."""
    lines = []
    for one in body.touches:
        columns = "*" if one.columns is None else ", ".join(sorted(one.columns))
        lines.append(
            f"{f'{one.schema}.' if one.schema else ''}{one.name} {' '.join(sorted(one.events))} {columns}".strip()
        )
    return sorted(lines)


def of_sql(text: str) -> list[str]:
    return told(body_of("", text, "sql"))


def of_plpgsql(text: str, declare: str = "") -> Body:
    source = f"declare {declare} begin {dedent(text)} end"
    return body_of(f"create function f(a int) returns setof int language plpgsql as $${source}$$", source, "plpgsql")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select s.value from public.app as s", ["public.app select value"]),
        ("select count(*) from t", ["t select"]),
        ("select * from t", ["t select *"]),
        ("select t.* from t join u using (k)", ["t select *", "u select k"]),
        ("select a.x, b.y from t a natural join t2 b", ["t select *", "t2 select *"]),
        ("select to_jsonb(w) from t as w", ["t select *"]),
        ("select v.one from t as v(one, two)", ["t select *"]),
        ("select j.k from (t join u on true) as j", ["t select *", "u select *"]),
        ("select x from t where exists (select from u where u.id = t.id)", ["t select id, x", "u select id, x"]),
        ("insert into t (a, b) values (1, 2)", ["t insert a, b"]),
        ("insert into t values (1)", ["t insert *"]),
        ("insert into t (a) values (1) on conflict (a) do update set b = excluded.c", ["t insert a", "t update b"]),
        ("update t set a = 1 where b = 2 returning t.c", ["t select b, c", "t update a"]),
        ("delete from t using u where t.a = u.b", ["t delete *", "t select a", "u select b"]),
        ("truncate t, u", ["t truncate *", "u truncate *"]),
        (
            "merge into m using n on m.a = n.b when matched then delete when not matched then insert (c) values (1)",
            ["m delete *", "m insert c", "m select a", "n select b"],
        ),
        ("with t as (select a from t) select b from t", ["t select a, b"]),
        ("with recursive t as (select 1 as a union all select a from t) select a from t", []),
        ("with w as (delete from t returning a) select a from w", ["t delete *", "t select a"]),
        ("select 1 from t union select x from u", ["t select x", "u select x"]),
    ],
)
def test_tables_and_columns_of_a_query(text: str, expected: list[str]) -> None:
    assert of_sql(text) == expected


@given(text=st.text(max_size=60), language=st.sampled_from(["sql", "plpgsql"]))
def test_any_text_is_read_somehow(text: str, language: str) -> None:
    definition = f"create function f() returns void language {language} as $x${text}$x$"
    assert isinstance(body_of(definition, text.replace("\0", ""), language), Body)


def test_calls_with_how_many_arguments() -> None:
    calls = body_of("", "select p.f(1, 2), g(variadic array[1]) from h() where x(a => 1)", "sql").calls
    found = {(one.schema, one.name, one.arguments) for one in calls}
    assert found == {("p", "f", 2), (None, "g", None), (None, "h", 0), (None, "x", 1)}


def test_every_place_of_a_plpgsql_body_is_read() -> None:
    body = of_plpgsql(
        """\
        select * into r from t1; r.b := 3; perform g(a); x := (select b from t2);
        if exists (select 1 from t3 where t3.u = 1) then return query select t4.z from t4; end if;
        for r in select t5.q from t5 loop null; end loop;
        """,
        "r public.t1%rowtype; c cursor for select t6.c from t6; x int := (select t7.d from t7);",
    )
    assert told(body) == [
        *("t1 select *", "t2 select b", "t3 select u", "t4 select z", "t5 select q", "t6 select c", "t7 select d")
    ]
    assert [one.name for one in body.calls] == ["g"]
    assert (body.unknown, body.exact) == ((), True)


@pytest.mark.parametrize(
    "text",
    [
        "execute format('select %s', a);",
        "return query execute format('select %s', a);",
        "for a in execute format('select %s', a) loop null; end loop;",
    ],
)
def test_what_is_executed_as_text_is_not_known(text: str) -> None:
    assert of_plpgsql(text).unknown == ("format('select %s', a)",)


def test_a_literal_that_is_executed_is_known() -> None:
    body = of_plpgsql("execute 'delete from t where t.a = 1';")
    assert (told(body), body.unknown) == (["t delete *", "t select a"], ())


def test_a_function_that_runs_a_text_is_not_known() -> None:
    assert body_of("", "select query_to_xml('select 1', true, true, '')", "sql").unknown == ("query_to_xml()",)


def test_body_that_no_parser_reads_is_read_by_the_lexer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touches, "trees_of", lambda _: None)
    body = body_of("", "select value from public.app where key = f(1)", "sql")
    assert told(body) == ["public.app delete insert select truncate update *"]
    assert {(one.schema, one.name, one.arguments) for one in body.calls} == {
        *((None, "f", None), ("public", "app", None))
    }
    assert not body.exact


def test_lexer_says_that_a_text_is_executed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touches, "plpgsql_of", lambda _: None)
    assert of_plpgsql("execute a;").unknown == ("a text",)
