"""What is read of the target: roles, sizes by its statistics, what the role may not read."""

import pytest

from nexiom_runner.database.session import Session, connect
from nexiom_runner.rehearse.target import Size, read_target


def test_sizes_are_those_of_the_statistics(shop: Session) -> None:
    shop.send("insert into orders select i, 1, 1, repeat('x', 100) from generate_series(1, 1000) i; analyze orders")
    facts = read_target(shop)
    size = facts.sizes["public.orders"]
    assert (size.rows, size.bytes >= 100_000) == (1_000, True)
    assert facts.sizes["public.customers"] == Size(-1, 0)


def test_a_partitioned_table_is_as_large_as_its_partitions(session: Session) -> None:
    session.send(
        "create table p (i int) partition by range (i);"
        "create table p1 partition of p for values from (0) to (10);"
        "create table p2 partition of p for values from (10) to (20);"
        "insert into p select generate_series(0, 19)"
    )
    session.send("vacuum analyze p1")
    session.send("vacuum analyze p2")
    assert read_target(session).sizes["public.p"].rows == 20


def test_what_the_role_may_not_read_is_told(admin_session: Session, session: Session) -> None:
    admin_session.send("create schema private; create table private.salaries (i int); create table public.own (i int)")
    admin_session.send("create sequence private.numbers; create view private.seen as select 1 as a")
    assert [one.name for one in read_target(session).hidden] == ["salaries", "own"]


def test_reading_changes_nothing(shop: Session) -> None:
    read_target(shop)
    assert not shop.in_transaction


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (Size(), "never analysed"),
        (Size(1_200, 16_384), "1200 rows, 16 kB"),
        (Size(2_100_000, 480 * 2**20), "2.1 M rows, 480 MB"),
    ],
)
def test_a_size_is_told_in_large_units(size: Size, told: str) -> None:
    assert str(size) == told


def test_roles_and_settings_are_read(admin_session: Session, admin_dsn: str) -> None:
    admin_session.send("alter role anon in database " + admin_session.server.database + " set statement_timeout = '3s'")
    with connect(admin_dsn, application="t") as again:
        facts = read_target(again)
    (anon,) = (role for role in facts.roles if role.name == "anon")
    assert (anon.login, anon.here, facts.database.owner) == (False, ["statement_timeout=3s"], "nexiom_owner")
