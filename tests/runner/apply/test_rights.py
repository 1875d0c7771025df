"""A role that may not is told, at its line, with the grant that would help."""

from collections.abc import Iterator

import pytest
from apply_builders import PROJECT, failure, outcomes, run

from nexiom_runner.apply.ledger import read_history
from nexiom_runner.database.session import Session, connect

SCHEMA = """\
create table public.orders (id int);
create view public.totals as select count(*) from public.orders;
create function public.secret() returns int language sql as 'select 1';
create procedure public.work() language sql as 'select 1';
create sequence public.numbers;
create schema crm;
create table public."Mixed Case" (id int);
revoke execute on function public.secret() from public;
"""
KEY = "01_a/apply.sql"


@pytest.fixture
def role(session: Session, admin_session: Session, database: str) -> Iterator[str]:
    """A role that may keep a ledger and sees objects of nexiom_owner's, and nothing else."""
    name = f"low_{database}"
    admin_session.send(f"create role {name} login")
    admin_session.send(f"grant create on database {database} to {name}")
    session.send(SCHEMA)
    yield name
    admin_session.send(f"drop owned by {name}; drop role {name}")


@pytest.fixture
def low(role: str, dsn: str) -> Iterator[Session]:
    """An open session of that role's."""
    with connect(dsn.replace("nexiom_owner@", f"{role}@"), application="pytest") as opened:
        yield opened


def test_role_that_may_not_create_in_a_schema_is_told_the_grant(low: Session, role: str) -> None:
    assert failure(run(low, {KEY: "select 1;\ncreate table public.t (a int);"})) == (
        'error: phase "01_a" failed: permission denied for schema public\n'
        "  phases/01_a/apply.sql:2:14\n"
        "    2 | create table public.t (a int);\n"
        "      |              ^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42501 in statement 2 of 2.\n"
        'state: "01_a" was rolled back. No other phase is applied. Running apply again is safe.\n'
        f'hint: Let an owner run: grant usage, create on schema public to "{role}";'
    )


def test_role_that_is_not_the_owner_is_told_who_is(low: Session, role: str) -> None:
    assert failure(run(low, {KEY: "alter table public.orders add column b int;"})) == (
        'error: phase "01_a" failed: must be owner of table orders\n'
        "  phases/01_a/apply.sql:1:1\n"
        "    1 | alter table public.orders add column b int;\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "detail: PostgreSQL reported SQLSTATE 42501 in statement 1 of 1.\n"
        'state: "01_a" was rolled back. No other phase is applied. Running apply again is safe.\n'
        f'hint: Run as "nexiom_owner", or let it be granted: grant "nexiom_owner" to "{role}";'
    )


OWNED = 'Run as "nexiom_owner", or let it be granted: grant "nexiom_owner" to "ROLE";'
HINTS = {
    "select * from public.orders;": 'Let an owner run: grant select on table orders to "ROLE";',
    "insert into public.orders values (1);": 'Let an owner run: grant select, insert on table orders to "ROLE";',
    "update public.orders set id = 1;": 'Let an owner run: grant select, update on table orders to "ROLE";',
    "delete from public.orders where id = 1;": 'Let an owner run: grant select, delete on table orders to "ROLE";',
    "truncate public.orders;": 'Let an owner run: grant truncate on table orders to "ROLE";',
    "with x as (select 1) select * from public.orders;": 'Let an owner run: grant all on table orders to "ROLE";',
    "select * from public.totals;": 'Let an owner run: grant select on table totals to "ROLE";',
    "select nextval('public.numbers');": (
        'Let an owner run: grant usage, select, update on sequence numbers to "ROLE";'
    ),
    "select public.secret();": 'Let an owner run: grant execute on function secret to "ROLE";',
    'select * from public."Mixed Case";': 'Let an owner run: grant select on table "Mixed Case" to "ROLE";',
    "select * from crm.leads;": 'Let an owner run: grant usage, create on schema crm to "ROLE";',
    "drop schema crm;": OWNED,
    "drop view public.totals;": OWNED,
    "drop function public.secret();": OWNED,
    'drop table public."Mixed Case";': OWNED,
    "create extension no_such_extension;": None,
    "create role other;": 'Run as a role that may, or let an owner grant the right to "ROLE".',
}


@pytest.mark.parametrize("text", HINTS)
def test_grant_that_would_help(low: Session, role: str, text: str) -> None:
    said = failure(run(low, {KEY: text})).splitlines()
    hint = HINTS[text]
    if hint is None:
        assert "42501" not in "".join(said)
    else:
        assert said[-1] == f"hint: {hint.replace('ROLE', role)}"


def test_role_that_may_read_the_ledger_and_not_write_it_is_told_the_grant(
    low: Session, role: str, session: Session
) -> None:
    run(session, {KEY: "select 1;"})
    session.send(f"grant usage on schema nexiom to {role}; grant select on all tables in schema nexiom to {role}")
    results = run(low, {KEY: "select 1;", "02_b/apply.sql": "select 2;"})
    assert outcomes(results) == [("02_b/apply.sql", "FAIL")]
    assert failure(results) == (
        'error: phase "02_b" failed: permission denied for table ledger\n'
        "  phases/02_b/apply.sql:1:1\n"
        "    1 | select 2;\n"
        "      | ^\n"
        "detail: PostgreSQL reported SQLSTATE 42501 when its 1 statements were committed. The failure could not be "
        "written into the ledger: permission denied for table ledger.\n"
        'state: "02_b" was rolled back. 1 phase applied before it remains applied. Running apply again is safe.\n'
        f'hint: Let an owner run: grant usage on schema nexiom to "{role}"; grant select, insert on all tables in '
        f'schema nexiom to "{role}";'
    )
    assert len(read_history(low, PROJECT).state.scripts) == 1


@pytest.mark.parametrize(
    ("text", "privileges"),
    [
        ("set local role anon;\nselect * from public.orders;", "select"),
        ("do $$ begin perform inner_one(); end $$;", "all"),
    ],
)
def test_role_that_the_script_takes_on_is_not_taken_for_the_one_of_the_target(
    low: Session, session: Session, role: str, admin_session: Session, text: str, privileges: str
) -> None:
    session.send(
        "create function public.inner_one() returns int language plpgsql security definer set search_path = public as "
        f"'begin perform 1 from orders; return 1; end'; create role anon_{role}"
    )
    admin_session.send(f"alter function public.inner_one() owner to anon_{role}; grant anon to {role}")
    try:
        said = failure(run(low, {KEY: text})).splitlines()[-1]
    finally:
        admin_session.send(f"drop owned by anon_{role}; drop role anon_{role}")
    assert said == f"hint: Let an owner run: grant {privileges} on table orders to the role it runs as there;"
