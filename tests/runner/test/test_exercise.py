"""Which functions the tests called, role by role, as the server counted them."""

import pytest

from nexiom_runner.database.session import Session
from nexiom_runner.errors import Place
from nexiom_runner.project.outline import Thresholds
from nexiom_runner.results import Difference, Exercised, Outcome
from nexiom_runner.test.exercise import Exercise, below
from nexiom_runner.test.test import Running
from tests.runner.test.conftest import Bench

FUNCTIONS = """
revoke execute on all functions in schema public from public;
alter default privileges revoke execute on functions from public;
create function public.inner_one() returns integer language plpgsql security definer set search_path = ''
  as 'begin return 1; end';
create function public.outer_one() returns integer language plpgsql security definer set search_path = ''
  as 'begin return public.inner_one(); end';
create function public.lonely() returns integer language sql as 'select 1';
create function public.nobodys() returns integer language sql as 'select 1';
create function public.touched() returns trigger language plpgsql as 'begin return new; end';
grant execute on function public.inner_one() to authenticated;
grant execute on function public.outer_one() to anon, authenticated;
grant execute on function public.lonely() to anon;
grant execute on function public.touched() to anon;
"""
OUTER = "outer_one: {calls: {it: {as: authenticated}}}"


def exercised(bench: Bench) -> Exercised:
    exercise = Exercise()
    bench.look(running=Running(exercise=exercise))
    found = exercise.sum()
    assert found is not None
    return found


def test_what_a_function_calls_was_called_as_its_caller(bench: Bench) -> None:
    bench.phase(FUNCTIONS, OUTER)
    assert exercised(bench) == Exercised(
        functions=3,
        called=2,
        pairs=4,
        called_pairs=2,
        uncalled=("lonely",),
        missing=(("lonely", ("anon",)), ("outer_one", ("anon",))),
    )


def test_a_function_that_is_put_into_its_query_counts_by_the_call(bench: Bench) -> None:
    bench.phase(FUNCTIONS, "lonely: {execute: [anon], calls: {it: {}}}")
    assert exercised(bench).uncalled == ("inner_one", "outer_one")


def test_roles_that_call_in_turn_are_told_apart(bench: Bench) -> None:
    calls = "{a: {as: authenticated, skip: not now}, b: {as: anon}}"
    bench.phase(FUNCTIONS, f"inner_one: {{calls: {{it: {{as: authenticated}}}}}}\nouter_one: {{calls: {calls}}}")
    assert exercised(bench).missing == (("lonely", ("anon",)), ("outer_one", ("authenticated",)))
    bench.phase("", "outer_one: {calls: {c: {as: anon}}}", "01_core")
    assert exercised(bench).missing[0] == ("inner_one", ("authenticated",))


def test_a_script_calls_as_no_role(bench: Bench) -> None:
    bench.phase(FUNCTIONS)
    bench.script("select public.outer_one() as n;", "1: {rows: 1, columns: {n: 1}}")
    found = exercised(bench)
    assert (found.called, found.called_pairs, found.percent, found.percent_of_pairs) == (2, 0, 66, 0)


def test_a_call_that_is_passed_over_calls_nothing(bench: Bench) -> None:
    bench.phase(FUNCTIONS, "outer_one: {calls: {it: {skip: not today}}}")
    assert exercised(bench).called == 0


def test_what_public_may_call_is_called_by_anybody(bench: Bench) -> None:
    bench.phase("create function public.f() returns int language sql as 'select 1';", "f: {calls: {it: {as: anon}}}")
    found = exercised(bench)
    assert (found.called_pairs, found.pairs, found.missing) == (1, 1, ())


def test_where_the_server_does_not_count_that_is_said(bench: Bench, admin_session: Session) -> None:
    bench.phase(FUNCTIONS, OUTER)
    name = bench.session.server.database
    admin_session.send(f"alter role nexiom_owner in database {name} set track_functions = 'none'")
    admin_session.send("grant set on parameter track_functions to nexiom_owner")
    bench.session.send("set track_functions = 'none'")
    found = exercised(bench)
    assert (found.is_known, found.called, found.uncalled) == (False, 1, ("inner_one", "lonely"))


FOUND = Exercised(3, 2, 4, 2, ("lonely",), (("lonely", ("anon",)), ("outer_one", ("anon",))))
AT = Place("nexiom.yml", 3, 1)


@pytest.mark.parametrize(
    ("least", "difference"),
    [
        (Thresholds(functions=67), Difference("functions", "67 % or more", "66 %", "no test calls lonely")),
        (
            Thresholds(roles=51, place=AT),
            Difference("roles", "51 % or more", "50 %", "no test calls lonely as anon, outer_one as anon"),
        ),
    ],
)
def test_less_than_must_be_fails(least: Thresholds, difference: Difference) -> None:
    (result,) = below(FOUND, least)
    assert (result.outcome, result.differences, result.place) == (Outcome.FAIL, (difference,), least.place)


def test_as_much_as_must_be_passes() -> None:
    assert list(below(FOUND, Thresholds(functions=66, roles=50))) == []
    assert list(below(None, Thresholds(functions=66))) == []


def test_what_is_not_known_is_no_failure_and_not_green() -> None:
    unknown = Exercised(3, 2, 4, 2, is_known=False)
    (result,) = below(unknown, Thresholds(functions=100))
    assert result.outcome is Outcome.ERROR
    assert result.message == "66 % of functions are called by tests themselves; the server does not count the rest"
