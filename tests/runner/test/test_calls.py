"""Calls of functions: what passes, what fails and how it is told, and that nothing remains."""

import pytest

from nexiom_runner.errors import Place
from nexiom_runner.render.values import TargetFacts
from nexiom_runner.results import Difference, Kind, Outcome

COUNTERS = """
create function public.counters(p_since interval = '1 hour', p_limit integer = 100) returns jsonb
language plpgsql set search_path = '' as $$
begin
  if p_limit < 0 then raise exception 'p_limit must not be negative' using errcode = '22023'; end if;
  return jsonb_build_object('routed', coalesce(p_limit, 100), 'since', p_since::text);
end $$;
"""
STATED = """
counters:
  result: {routed: int >= 0, since: text}
  calls:
"""


def test_a_call_that_meets_its_shape_passes(bench, told):
    bench.phase(COUNTERS, STATED + "    fifty: {with: {p_since: 30 minutes, p_limit: 50}}\n")
    assert [told(result) for result in bench.look()] == [{"outcome": Outcome.PASS, "subject": "counters: fifty"}]


def test_a_difference_is_told_with_its_path_and_what_to_run_by_hand(bench):
    bench.phase(COUNTERS, STATED + "    fifty: {with: {p_since: 30 minutes, p_limit: 50}, result: {routed: text}}\n")
    (result,) = bench.look()
    assert (result.outcome, result.kind, result.phase) == (Outcome.FAIL, Kind.CALL, "01_core")
    assert result.place == Place("phases/01_core/phase.yml", 8, 9)
    assert result.differences == (
        Difference("$.routed", "text", "50 (number)", "cast it with ::text inside jsonb_build_object"),
        Difference("$.since", None, '"00:30:00" (text)', None),
    )
    assert result.sql == "select public.counters(p_since => '30 minutes', p_limit => 50)"
    assert result.seconds is not None


def test_a_list_of_wrong_items_is_told_by_its_first(bench):
    bench.phase(
        "create function public.f() returns setof integer language sql as 'select generate_series(1, 52)';",
        "f: {result: [text], calls: {it: {}}}",
    )
    (result,) = bench.look()
    assert [each.path for each in result.differences] == [f"$[{index}]" for index in range(50)]
    assert result.detail == "2 more differences not shown"


def test_null_is_sent_and_overrides_a_default(bench):
    bench.phase(COUNTERS, STATED + "    none: {with: {p_since: null}, result: {routed: 100, since: null}}\n")
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


def test_without_a_role_it_is_called_as_each_that_may_execute(bench):
    bench.phase(
        "create function public.who() returns text language sql as 'select current_user::text';",
        "who: {execute: [anon, authenticated], result: in(anon), calls: {it: {}}}",
    )
    found = bench.look()
    assert [(result.role, result.outcome) for result in found] == [
        ("anon", Outcome.PASS),
        ("authenticated", Outcome.FAIL),
    ]


def test_without_roles_it_is_called_as_the_owner(bench):
    bench.phase(
        "create function public.who() returns text language sql as 'select current_user::text';",
        "who: {result: in(nexiom_owner), calls: {it: {}}}",
    )
    (result,) = bench.look()
    assert (result.role, result.outcome) == (None, Outcome.PASS)


def test_a_role_brings_its_settings_and_claims(bench, admin_session):
    bench.phase(
        """create function public.settings() returns jsonb language sql as $$
          select jsonb_build_object(
            'timeout', current_setting('statement_timeout'), 'app', current_setting('app.x', true),
            'claims', current_setting('request.jwt.claims')::jsonb,
            'role', current_setting('request.jwt.claim.role')) $$;""",
        """
        settings:
          result: {timeout: in(3s), app: in(y), claims: {role: in(anon)}, role: in(anon)}
          calls: {it: {as: anon}}
        """,
    )
    name = admin_session.server.database
    admin_session.send(f"alter role anon in database {name} set statement_timeout = '3s'")
    admin_session.send(f"alter role anon in database {name} set app.x = 'y'")
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


def test_a_roles_statement_timeout_stops_the_call(bench, admin_session):
    bench.phase(
        "create function public.slow() returns void language sql as 'select pg_sleep(30)';",
        "slow: {calls: {it: {as: anon, raises: '57014'}}}",
    )
    admin_session.send(f"alter role anon in database {admin_session.server.database} set statement_timeout = '20ms'")
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


def test_the_expected_sqlstate_passes(bench):
    bench.phase(COUNTERS, STATED + "    negative: {with: {p_limit: -1}, raises: 22023}\n")
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


def test_another_sqlstate_fails(bench):
    bench.phase(COUNTERS, STATED + "    negative: {with: {p_limit: -1}, raises: P0001}\n")
    (result,) = bench.look()
    assert result.outcome is Outcome.FAIL
    assert result.differences == (Difference("raises", "P0001", "22023 p_limit must not be negative"),)


def test_a_value_where_an_error_is_expected_fails(bench):
    bench.phase(COUNTERS, STATED + "    negative: {with: {p_limit: 1}, raises: 22023}\n")
    (result,) = bench.look()
    assert result.differences == (Difference("raises", "22023", '{"since": "01:00:00", "routed": 1} returned'),)


def test_an_error_nobody_expects_fails_with_the_servers_words(bench):
    bench.phase(COUNTERS, STATED + "    negative: {with: {p_limit: -1}}\n")
    (result,) = bench.look()
    assert (result.outcome, result.message) == (Outcome.FAIL, "22023 p_limit must not be negative")
    assert result.detail == (
        "PL/pgSQL function public.counters(interval,integer) line 3 at RAISE\ncalled by phases/01_core/phase.yml:8"
    )


def test_a_role_that_may_not_execute_fails_with_the_servers_words(bench):
    bench.phase(COUNTERS + "revoke all on function public.counters from public;", STATED + "    it: {as: anon}\n")
    (result,) = bench.look()
    assert (result.outcome, result.message) == (Outcome.FAIL, "42501 permission denied for function counters")


def test_nothing_a_call_does_remains(bench, session):
    bench.phase(
        """create table public.t (i integer);
        create function public.add() returns integer language sql as 'insert into public.t values (1) returning i';""",
        "add: {result: 1, calls: {once: {}, again: {}}}",
    )
    assert [result.outcome for result in bench.look()] == [Outcome.PASS] * 2
    assert session.send("select count(*) from public.t")[0].rows == (("0",),)
    assert not session.in_transaction


def test_a_deferred_constraint_is_checked_before_the_rollback(bench):
    bench.phase(
        """create table public.a (i integer primary key);
        create table public.b (i integer references public.a deferrable initially deferred);
        create function public.orphan() returns void language sql as 'insert into public.b values (1)';""",
        "orphan: {calls: {it: {raises: '23503'}}}",
    )
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


def test_a_stable_function_runs_read_only_whatever_it_calls(bench):
    bench.phase(
        """create table public.t (i integer);
        create function public.add() returns integer language sql as 'insert into public.t values (1) returning i';
        create function public.sly() returns integer language plpgsql stable as 'begin return public.add(); end';""",
        "sly: {calls: {it: {}}}",
    )
    (result,) = bench.look()
    assert result.message == "25006 cannot execute INSERT in a read-only transaction"


KINDS = {
    "returns numeric language sql as 'select 3.0'": "3.0",
    "returns json language sql as $$ select '{\"a\": 1.50}'::json $$": "{a: 1.50}",
    "returns void language sql as ''": "null",
    "returns text language sql as 'select null::text'": "null",
    "returns setof integer language sql as 'values (1), (2)'": "{$items: int, $size: 2}",
    "returns setof integer language sql as 'select 1 where false'": "{$items: int, $size: 0}",
    "returns table (id integer, name text) language sql as $$ select 1, 'x' $$": "[{id: int, name: text}]",
    "returns table (id integer) language sql as 'select 1'": "[{id: int}]",
    "(out a integer, out b numeric) language sql as 'select 1, 2.50'": "{a: int, b: 2.50}",
    "returns public.pair language sql as 'select 1, 2'": "{x: 1, y: 2}",
    "returns setof public.pair language sql as 'select 1, 2'": "[{x: 1, y: 2}]",
    "returns integer[] language sql as 'select array[1, 2]'": "[int]",
    "returns timestamptz language sql as 'select now()'": "timestamptz",
    "returns float8 language sql as $$ select 'NaN'::float8 $$": "in(NaN)",
}


@pytest.mark.parametrize("definition", KINDS, ids=range(len(KINDS)))
def test_every_kind_of_result_becomes_json(bench, definition):
    arguments = "" if definition.startswith("(") else "()"
    bench.phase(
        f"create type public.pair as (x integer, y integer); create function public.f{arguments} {definition};",
        f"f:\n  result: {KINDS[definition]}\n  calls: {{it: {{}}}}\n",
    )
    assert [(result.outcome, result.differences) for result in bench.look()] == [(Outcome.PASS, ())]


def test_arguments_of_every_kind_arrive(bench):
    bench.phase(
        """create function public.f(p_ids integer[], p_data jsonb, p_text text, variadic p_more text[]) returns jsonb
        language sql as $$ select jsonb_build_array(p_ids[2], p_data -> 'a', p_text, p_more[1]) $$;""",
        """
        f:
          result: [any]
          calls:
            it: {with: {p_ids: [1, 2], p_data: {a: [x]}, p_text: "3", p_more: [it's]}, result: [int]}
        """,
    )
    (result,) = bench.look()
    assert [each.path for each in result.differences] == ["$[1]", "$[2]", "$[3]"]
    assert result.sql == (
        "select public.f(p_ids => array[1, 2]::integer[], p_data => '{\"a\": [\"x\"]}', p_text => '3', "
        "variadic p_more => array['it''s']::text[])"
    )


def test_unnamed_arguments_are_called_by_their_number(bench):
    bench.phase(
        "create function public.f(text, integer) returns text language sql as 'select $1 || $2';",
        "f: {result: in(a1), calls: {it: {with: {$1: a, $2: 1}}}}",
    )
    assert [result.outcome for result in bench.look()] == [Outcome.PASS]


def test_the_overload_is_the_one_whose_arguments_have_these_names(bench):
    bench.phase(
        """create function public.f(a integer) returns text language sql as $$ select 'a' $$;
        create function public.f(b bigint) returns text language sql as $$ select 'b' $$;""",
        """
        f:
          - {arguments: {a: integer}, result: in(a), calls: {it: {with: {a: 1}}}}
          - {arguments: {b: bigint}, result: in(b), calls: {it: {with: {b: 1}}}}
        """,
    )
    found = bench.look()
    assert [(result.outcome, result.subject) for result in found] == [
        (Outcome.PASS, "f(integer): it"),
        (Outcome.PASS, "f(bigint): it"),
    ]


def test_overloads_that_postgrest_cannot_tell_apart_fail(bench, told):
    bench.phase(
        """create function public.f(a integer) returns int language sql as 'select 1';
        create function public.f(a integer, b integer = 1) returns int language sql as 'select 1';""",
        "f: {calls: {it: {with: {a: 1}}}}",
    )
    assert [told(result) for result in bench.look()] == [
        {
            "outcome": Outcome.FAIL,
            "subject": "f: it",
            "message": "these arguments reach f(integer) and f(integer,integer) alike (PostgREST answers PGRST203)",
            "fix": "Drop one, or give their arguments different names: PostgREST chooses by name alone.",
        }
    ]


UNREADY = {
    "countrs: {calls: {it: {}}}": ('there is no function "countrs"', 'Did you mean "counters"?'),
    "crm.x: {calls: {it: {}}}": ('there is no function "crm.x"', None),
    "counters: {calls: {it: {with: {p_limt: 1}}}}": (
        'function "counters" has no argument "p_limt"',
        'Did you mean "p_limit"?',
    ),
    "counters: {calls: {it: {with: {zzz: 1}}}}": (
        'function "counters" has no argument "zzz"',
        "Its arguments are p_since, p_limit.",
    ),
    "needy: {calls: {it: {}}}": ('function "needy" needs the argument "a"', "Add a under with:."),
    "many: {calls: {it: {with: {c: 1}}}}": ('no overload of "many" takes "c"', None),
    "many: {calls: {it: {with: {aa: 1}}}}": ('no overload of "many" takes "aa"', 'Did you mean "a"?'),
    "counters: {calls: {it: {as: anonn}}}": ('there is no role "anonn"', 'Did you mean "anon"?'),
    "counters: {calls: {it: {as: postgres}}}": (
        '"nexiom_owner" may not become role "postgres"',
        "grant postgres to nexiom_owner;",
    ),
    "counters: {calls: {it: {with: {p_limit: {$secret: KEY}}}}}": (
        'secret "KEY" is not set',
        "Set KEY in the environment or in a file of env_files.",
    ),
}
MORE = """
create function public.needy(a integer) returns int language sql as 'select 1';
create function public.many(a integer) returns int language sql as 'select 1';
create function public.many(b text) returns int language sql as 'select 1';
"""


@pytest.mark.parametrize("stated", UNREADY, ids=range(len(UNREADY)))
def test_what_cannot_be_called_is_an_error_that_says_why(bench, told, stated):
    bench.secrets["KEY"] = None
    bench.phase(COUNTERS + MORE, stated)
    (result,) = bench.look()
    message, fix = UNREADY[stated]
    assert (result.outcome, result.message, result.fix) == (Outcome.ERROR, message, fix)


def test_a_secret_arrives_and_is_never_told(bench):
    bench.secrets["KEY"] = "s3cr3t'\\x"
    bench.phase(
        """create function public.check_key(p_key text) returns text language plpgsql as $$
        begin if p_key <> 's3cr3t''\\x' then raise 'wrong'; end if; return p_key; end $$;
        create function public.shout(p_key text) returns text language plpgsql as $$
        begin raise 'the key % is bad', p_key; end $$;""",
        """
        check_key: {result: int, calls: {it: {with: {p_key: {$secret: KEY}}}}}
        shout: {calls: {it: {with: {p_key: {$secret: KEY}}}}}
        """,
    )
    returned, raised = bench.look()
    assert returned.differences == (Difference("$", "int", '"‹secret:KEY›" (text)', None),)
    assert returned.sql == "select public.check_key(p_key => '‹secret:KEY›')"
    assert raised.message == "P0001 the key ‹secret:KEY› is bad"
    assert "s3cr3t" not in repr((returned, raised))


def test_json_that_clients_read_differently_fails(bench):
    bench.phase(
        """create function public.f() returns json language sql as $$ select '{"a": 1, "a": 2}'::json $$;""",
        "f: {result: {a: int}, calls: {it: {}}}",
    )
    (result,) = bench.look()
    assert (result.outcome, result.message) == (
        Outcome.FAIL,
        'what it returned cannot be read: the key "a" is given twice',
    )


def test_a_lost_connection_is_an_error_of_every_call_left(bench):
    bench.phase(
        "create function public.die() returns boolean language sql as 'select pg_terminate_backend(pg_backend_pid())';",
        "die: {calls: {first: {}, second: {}}}",
    )
    found = bench.look()
    assert [(result.outcome, result.message) for result in found] == [
        (Outcome.ERROR, "the connection to the server was lost"),
        (Outcome.ERROR, "the connection to the server was lost"),
    ]


def test_a_protected_target_runs_only_what_cannot_write(bench, told):
    bench.target = TargetFacts("production", protected=True)
    bench.phase(
        """create function public.reads() returns int language sql stable as 'select 1';
        create function public.writes() returns int language sql as 'select 1';""",
        """
        reads: {result: 1, calls: {it: {}}}
        writes: {result: 1, calls: {not here: {}, here too: {on: [production]}}}
        """,
    )
    assert [told(result) for result in bench.look()] == [
        {"outcome": Outcome.PASS, "subject": "reads: it"},
        {
            "outcome": Outcome.SKIP,
            "subject": "writes: not here",
            "message": 'the function is volatile and "production" is protected; on: [production] would call it',
        },
        {"outcome": Outcome.PASS, "subject": "writes: here too"},
    ]


def test_a_call_is_one_round_trip(bench, session):
    bench.phase(COUNTERS, STATED + "".join(f"    call {n}: {{as: anon, with: {{p_limit: {n}}}}}\n" for n in range(20)))
    before = session.round_trips
    assert {result.outcome for result in bench.look()} == {Outcome.PASS}
    assert session.round_trips - before == 20 + 4
