"""Each attribute of a function, once as stated and once not, and all that is told then."""

from collections.abc import Callable

import pytest

from nexiom_runner.audit.functions import path_items

Audited = Callable[..., list[str]]

RUN = """
    create function run(p_since interval = '1 hour', p_limit int = 100) returns jsonb
        language plpgsql stable strict security definer set search_path = '' as $$begin return '{}'; end$$;
    revoke execute on function run from public;
    grant execute on function run to anon, authenticated;
"""
RECREATE = (
    "fix: drop function public.run(interval, integer);\n"
    "create it again with the arguments expected: its grants and its comment are lost, give them again"
)

REPLACED = "fix: create or replace it with the defaults expected: its grants and its comment stay"


def test_everything_as_stated_passes_one_result_an_attribute(audited: Audited) -> None:
    lines = audited(
        RUN,
        """
        functions:
          run:
            arguments: {p_since: interval = '60 minutes', p_limit: int4 = 100}
            returns: jsonb
            language: plpgsql
            volatility: stable
            strict: true
            security: definer
            search_path: ""
            execute: [authenticated, anon]
        """,
    )
    names = "present arguments returns language volatility strict security search_path execute"
    assert lines == [f"PASS function run(interval, integer) | {name}" for name in names.split()]


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            "arguments: {p_since: interval = '2 hours', p_limit: integer = 100}",
            "arguments | argument p_since: expected p_since interval = '2 hours',"
            f" found p_since interval = '01:00:00'::interval | {REPLACED}",
        ),
        (
            "arguments: {p_since: interval, p_limit: integer = 100}",
            "arguments | argument p_since: expected p_since interval,"
            f" found p_since interval = '01:00:00'::interval | {RECREATE}",
        ),
        (
            "arguments: {p_since: interval = '1 hour', p_limit: bigint}",
            f"arguments | argument p_limit: expected p_limit bigint, found p_limit integer = 100 | {RECREATE}",
        ),
        (
            "arguments: {p_since: interval = '1 hour', p_max: integer = 100}",
            "arguments | argument p_max: expected p_max integer = 100, found p_limit integer = 100"
            f" | another name is another function to PostgREST | {RECREATE}",
        ),
        (
            "arguments: {p_since: interval = '1 hour'}",
            f"arguments | argument p_limit: expected None, found p_limit integer = 100 | {RECREATE}",
        ),
        (
            "arguments: {p_limit: integer = 100, p_since: interval = '1 hour'}",
            f"arguments | expected (p_limit, p_since), found (p_since, p_limit) | in another order | {RECREATE}",
        ),
        (
            "arguments: {p_since: interval = '1 hour', p_limit: integr = 100}",
            "arguments | argument p_limit: expected p_limit integr = 100, found p_limit integer = 100"
            f' | type "integr" does not exist; did you mean "integer"? | {RECREATE}',
        ),
        (
            "returns: json",
            "returns | expected json, found jsonb | fix: drop function public.run(interval, integer);\n"
            "create it again returning json: its grants and its comment are lost, give them again",
        ),
        ("language: sql", "language | expected sql, found plpgsql"),
        (
            "volatility: volatile",
            "volatility | expected volatile, found stable"
            " | fix: alter function public.run(interval, integer) volatile;",
        ),
        (
            "security: invoker",
            "security | expected invoker, found definer"
            " | fix: alter function public.run(interval, integer) security invoker;",
        ),
        (
            "strict: false",
            "strict | expected false, found true"
            " | fix: alter function public.run(interval, integer) called on null input;",
        ),
        (
            "search_path: pg_catalog, public",
            'search_path | expected pg_catalog, public, found ""'
            " | fix: alter function public.run(interval, integer) set search_path = pg_catalog, public;",
        ),
    ],
)
def test_what_is_not_as_stated_is_told_whole(failing: Audited, stated: str, said: str) -> None:
    lines = failing(
        RUN, f"functions: {{run: {{{stated}}}}}" if "path" not in stated else f"functions:\n  run:\n    {stated}"
    )
    shown = "run(interval, integer)" if stated.startswith("arguments") else "run"
    lines = [line.split(" | ", 1) for line in lines]
    assert [rest for _, rest in lines] == [said]
    assert all(head.startswith("FAIL function run") for head, _ in lines), shown


def test_a_missing_function_is_one_failure_that_names_the_nearest(audited: Audited) -> None:
    lines = audited(RUN, "functions: {runn: {security: definer, execute: [anon]}}")
    assert lines == ['FAIL function runn | present | expected runn, found None | did you mean "run"?']


def test_of_fifty_overloads_the_stated_one_is_compared(audited: Audited) -> None:
    sql = "".join(
        f"create function f(a int, b numeric[{n if n else ''}] = null, {', '.join(f'c{i} text' for i in range(n))}"
        f"{', ' if n else ''}z int = 0) returns int language sql as 'select {n}';".replace("= null, ", ", ").replace(
            "z int = 0", "z int"
        )
        for n in range(50)
    )
    stated = "functions: {f: {arguments: {a: int, b: 'numeric []', c0: text, c1: text, z: int}, volatility: stable}}"
    assert audited(sql, stated) == [
        "PASS function f(integer, numeric[], text, text, integer) | present",
        "PASS function f(integer, numeric[], text, text, integer) | arguments",
        "FAIL function f(integer, numeric[], text, text, integer) | volatility | expected stable, found volatile"
        " | fix: alter function public.f(integer, numeric[], text, text, integer) stable;",
    ]


def test_overloads_without_arguments_stated_are_ambiguous(audited: Audited) -> None:
    sql = "".join(
        f"create function f({kind}) returns int language sql as 'select 1';" for kind in ("int", "text", "date")
    )
    assert audited(sql, "functions: {f: {security: invoker}}") == [
        "ERROR function f | present | 3 functions have this name: f(integer); f(text); f(date)"
        " | fix: state `arguments:`, so that it is clear which one is meant"
    ]


def test_an_overload_that_is_not_there_shows_those_that_are(audited: Audited) -> None:
    sql = "".join(f"create function f(a {kind}) returns int language sql as 'select 1';" for kind in ("int", "text"))
    assert audited(sql, "functions: {f: [{arguments: {a: text}}, {arguments: {a: date}, security: invoker}]}") == [
        "PASS function f(text) | present",
        "PASS function f(text) | arguments",
        "FAIL function f(date) | present | expected f(date), found f(integer); f(text) | other arguments",
    ]


def test_unnamed_variadic_out_and_table_arguments(audited: Audited) -> None:
    sql = """
        create type mood as enum ('ok');
        create function g(text, variadic uuid[], out n bigint, out m mood) language sql as $$select 1, 'ok'::mood$$;
        create function h(inout a int) returns setof int language sql as 'select a';
        create function t() returns table (id uuid, "N n" numeric, "é" mood[]) language sql as
            $$select null::uuid, 1, null::mood[]$$;
        create procedure p(a int, inout b int) language sql as 'select b';
    """
    lines = audited(
        sql,
        """
        functions:
          g: {arguments: {$1: text, $2: "variadic uuid[]", n: out bigint, m: out public.mood}, returns: record}
          h: {arguments: {a: inout int}, returns: setof integer}
          t: {arguments: {}, returns: 'table(id uuid, "N n" decimal, é mood[])'}
          p: {arguments: {a: int, b: inout int}}
        """,
    )
    assert [line for line in lines if not line.startswith("PASS")] == []
    assert len(lines) == 11


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("table(id uuid)", "table(id uuid, n bigint)"),
        ("table(id uuid, m bigint)", "table(id uuid, n bigint)"),
        ("table(id uuid, n int)", "table(id uuid, n bigint)"),
        ("setof record", "table(id uuid, n bigint)"),
    ],
)
def test_the_columns_of_a_returned_table_are_exact(failing: Audited, stated: str, found: str) -> None:
    sql = "create function t() returns table (id uuid, n bigint) language sql as $$select null::uuid, 1::bigint$$"
    assert failing(sql, f"functions: {{t: {{returns: '{stated}'}}}}") == [
        f"FAIL function t | returns | expected {stated}, found {found}"
        f" | fix: drop function public.t();\ncreate it again returning {stated}:"
        " its grants and its comment are lost, give them again"
    ]


def test_a_misspelt_return_type_names_the_nearest(failing: Audited) -> None:
    assert failing(RUN, "functions: {run: {returns: jsonbb}}") == [
        "FAIL function run | returns | expected jsonbb, found jsonb"
        ' | type "jsonbb" does not exist; did you mean "jsonb"?'
    ]


def test_void_and_trigger_are_types_too(audited: Audited) -> None:
    sql = """
        create function v() returns void language plpgsql as 'begin end';
        create function w() returns trigger language plpgsql as 'begin return new; end';
    """
    lines = audited(sql, "functions: {v: {returns: void}, w: {returns: text}}")
    assert lines[1] == "PASS function v | returns"
    assert lines[3].startswith("FAIL function w | returns | expected text, found trigger | fix: ")


def test_a_function_without_a_search_path_of_its_own_has_none(failing: Audited) -> None:
    sql = "create function f() returns int language sql as 'select 1'"
    assert failing(sql, 'functions: {f: {search_path: ""}}') == [
        'FAIL function f | search_path | expected "", found not set'
        " | fix: alter function public.f() set search_path = '';"
    ]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ('""', []),
        ("pg_catalog, Public", ["pg_catalog", "public"]),
        ('"$user", "A ""b",c', ["$user", 'A "b', "c"]),
        ("'crm'", ["crm"]),
    ],
)
def test_a_search_path_is_read_as_the_server_keeps_it(text: str, items: list[str]) -> None:
    assert path_items(text) == items
