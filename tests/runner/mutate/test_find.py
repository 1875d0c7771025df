"""Everything of a database that can be broken by one statement, and each statement can be run."""

import pytest

from nexiom_runner.database.session import Session
from nexiom_runner.mutate.find import find_mutants
from nexiom_runner.mutate.mutant import Mutant

SHOP = """
create table public."Bestellung é" (
    id integer primary key,
    amount integer not null check (amount > 0),
    code text unique
);
alter table public."Bestellung é" enable row level security;
create policy mine on public."Bestellung é" for select to authenticated using (amount > 1);
grant select on public."Bestellung é" to authenticated;
create function public.total(p_least integer default 0) returns jsonb
    language sql stable security definer set search_path = ''
    as $$ select jsonb_build_object('total', count(*)) from public."Bestellung é" as b where b.amount >= p_least $$;
revoke execute on function public.total(integer) from public;
grant execute on function public.total(integer) to anon;
"""


@pytest.fixture
def mutants(session: Session) -> list[Mutant]:
    session.send(SHOP)
    return find_mutants(session, ["public"])


def test_every_guard_of_a_table_is_broken_once(mutants: list[Mutant]) -> None:
    assert [one.what for one in mutants if one.kind == "table"] == [
        "grants select to everybody",
        "revokes select from authenticated",
        "turns row security off",
        "drops policy mine",
        "lets policy mine pass every row",
        'drops constraint "Bestellung é_amount_check"',
        'drops constraint "Bestellung é_code_key"',
        "lets amount be null",
    ]


def test_rights_settings_and_body_of_a_function_are_broken_once(mutants: list[Mutant]) -> None:
    assert [one.what for one in mutants if one.kind == "function"] == [
        "grants execute to everybody",
        "revokes execute from anon",
        "drops its search_path",
        "runs as its caller",
        "says it is volatile",
        "returns null without doing anything",
        'leaves out the key "total"',
        "compares with > instead of >= in line 1 of its body",
    ]


def test_every_statement_can_be_run(session: Session, mutants: list[Mutant]) -> None:
    for one in mutants:
        with session.transaction(rollback=True):
            session.send(one.statement)


def test_looking_takes_four_queries_however_much_there_is(session: Session) -> None:
    trips = []
    for text in ("select 1", SHOP):
        session.send(text)
        before = session.round_trips
        find_mutants(session, ["public"])
        trips.append(session.round_trips - before)
    assert trips == [6, 6]  # four between begin and rollback
