"""A function that fails in a call is told at the line of its own body."""

from nexiom_runner.errors import Place
from nexiom_runner.report.failures import failures
from nexiom_runner.report.words import duration

PLPGSQL = """\
create table public.messages (id integer);

create function public.recent(p_limit integer = 1) returns jsonb language plpgsql as $$
begin
  perform 1;
  return (
    select jsonb_agg(m.id)
    from public.mesages as m);
end $$;
"""
BODY = Place("phases/01_core/apply.sql", 8, 10)


def test_a_failure_in_plpgsql_points_at_the_word_in_the_script(bench):
    bench.phase(PLPGSQL, "recent: {result: any, calls: {it: {}}}")
    (result,) = bench.look()
    assert failures([result]) == [
        "FAIL  01_core  recent: it                                                       phases/01_core/apply.sql:8\n"
        '      42P01 relation "public.mesages" does not exist\n'
        "    8 |     from public.mesages as m);\n"
        "      |          ^^^^^^^^^^^^^^\n"
        "      detail    PL/pgSQL function recent(integer) line 4 at RETURN\n"
        "                called by phases/01_core/phase.yml:4\n"
        '      fix       Did you mean "messages"?\n'
        "      select public.recent()   rolled back, " + duration(result.seconds)
    ]


def test_a_failure_without_a_query_points_at_the_line(bench):
    sql = "create function public.f() returns int language plpgsql as $$\nbegin\n  raise 'no'; -- ever\nend $$;\n"
    bench.phase(sql, "f: {result: int, calls: {it: {}}}")
    (result,) = bench.look()
    assert (result.place, result.excerpt, result.width) == (
        Place("phases/01_core/apply.sql", 3, 3),
        "  raise 'no'; -- ever",
        11,
    )


def test_a_failure_in_sql_points_at_the_word(bench):
    sql = "create function public.f() returns int language sql as $$\n  select j from public.t\n$$;\n"
    bench.phase(f"create table public.t (j int);\n{sql}alter table public.t rename j to i;\n", "f: {calls: {it: {}}}")
    (result,) = bench.look()
    assert (result.place, result.width) == (Place("phases/01_core/apply.sql", 3, 10), 1)


def test_the_newest_script_that_makes_the_function_is_shown(bench):
    bench.phase(PLPGSQL, "recent: {result: any, calls: {it: {}}}")
    again = PLPGSQL.partition("\n\n")[2].replace("create function", "create or replace function")
    bench.phase(again, "", "02_again")
    (result,) = bench.look()
    assert result.place == Place("phases/02_again/apply.sql", 6, 10)


def test_the_same_failure_in_other_calls_is_told_once(bench):
    bench.phase(PLPGSQL, "recent: {result: any, calls: {a: {}, b: {with: {p_limit: 2}}, c: {as: nexiom_owner}}}")
    found = bench.look()
    assert [result.place for result in found] == [BODY] * 3
    (told,) = failures(found)
    assert told.split("\n")[-1] == "      and 2 more calls: recent: b, recent: c as nexiom_owner"


def test_a_function_that_no_script_made_is_told_at_the_call(bench, session):
    session.send("create function public.f() returns int language plpgsql as $$ begin raise 'no'; end $$")
    bench.phase("", "f: {result: int, calls: {it: {}}}")
    (result,) = bench.look()
    assert (result.place, result.excerpt) == (Place("phases/01_core/phase.yml", 4, 30), None)


def test_a_function_that_fails_in_a_script_is_told_in_its_body(bench):
    bench.phase(PLPGSQL)
    bench.script("select 1 as one;\nselect public.recent() as r", "1: {columns: {one: 1}}\n2: {columns: {r: any}}\n")
    _, result = bench.look()
    assert (result.place, result.fix) == (BODY, 'Did you mean "messages"?')
    assert result.detail == ("PL/pgSQL function recent(integer) line 4 at RETURN\ncalled by tests/sql/t.sql:2")


def test_a_misspelt_table_in_a_script_is_told_there(bench):
    bench.phase(PLPGSQL)
    bench.script("select id from public.mesages", "1: {columns: {id: int}}\n")
    (result,) = bench.look()
    assert (result.place, result.fix) == (Place("tests/sql/t.sql", 1, 16), 'Did you mean "messages"?')
