"""Throw-away copies: changed at will, gone with their run, and refused where the server is not ours to fill."""

from collections.abc import Iterator

import psycopg
import pytest

from nexiom_runner.database.copies import PREFIX, copies_of
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.plain import plain_error
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.errors import ServerReport, TargetError, describe
from nexiom_runner.project.model import Target

COPIES = "select datname from pg_database where starts_with(datname, 'nexiom_run_')"


@pytest.fixture
def opened(server: Running) -> Iterator[OpenTarget]:
    """The worker's own embedded database as a target, with a table of one row."""
    target = OpenTarget(Target("local", embedded=True), connect(server.dsn, application="t"), server)
    target.session.send("create table copied as select 1 as a")
    yield target
    target.session.send("drop table copied")
    target.session.close()


@pytest.fixture
def staging(dsn: str) -> Iterator[OpenTarget]:
    """The test's database behind a DSN."""
    with OpenTarget(Target("staging", dsn=dsn), connect(dsn, application="t"), None) as target:
        yield target


def names(admin: Session) -> list[str | None]:
    return [row[0] for row in admin.send(COPIES)[0].rows]


def test_what_is_done_to_a_copy_reaches_no_other(opened: OpenTarget) -> None:
    with copies_of(opened) as copies, copies.copy() as one, copies.copy() as other:
        with one.connect() as session:
            session.send("insert into copied values (2)")
        with other.connect() as session:
            assert session.send("select a from copied")[0].rows == (("1",),)
            assert session.server.role == "nexiom_owner"
    assert opened.session.send("select a from copied")[0].rows == (("1",),)


def test_nothing_of_a_run_stays(opened: OpenTarget, server_session: Session) -> None:
    with copies_of(opened) as copies:
        copy = copies.copy()
        assert set(names(server_session)) == {copy.name, copies.template}
        left_open = copy.connect()
    assert names(server_session) == []
    left_open.close()


def test_sessions_of_one_run_share_its_template(opened: OpenTarget, server: Running, server_session: Session) -> None:
    other = OpenTarget(opened.target, connect(server.dsn, application="t"), server)
    with copies_of(opened, "shared") as first:
        opened.session.send("insert into copied values (2)")
        with copies_of(other, "shared") as second:
            assert first.template == second.template
            with second.copy() as copy, copy.connect() as session:
                assert session.send("select a from copied")[0].rows == (("1",),)
        assert first.template in names(server_session)
        opened.session.send("delete from copied where a = 2")
    assert names(server_session) == []
    other.session.close()


def test_what_a_killed_run_left_goes_with_the_next(opened: OpenTarget, server_session: Session) -> None:
    server_session.send(f"create database {PREFIX}dead_template")
    with copies_of(opened) as copies:
        assert names(server_session) == [copies.template]


def test_a_dsn_is_copied_by_a_role_that_may(staging: OpenTarget, server_session: Session) -> None:
    server_session.send("alter role nexiom_owner createdb")
    try:
        with copies_of(staging) as copies, copies.copy() as copy, copy.connect() as session:
            assert session.server.database.startswith(PREFIX)
        assert names(server_session) == []
        assert staging.session.send("select 1")[0].rows == (("1",),)
    finally:
        server_session.send("alter role nexiom_owner nocreatedb")


def test_a_role_that_may_not_make_databases_copies_none(staging: OpenTarget) -> None:
    with pytest.raises(TargetError) as caught, copies_of(staging):
        pass
    assert describe(caught.value.faults[0]) == (
        'error: "nexiom_owner" may not make a copy of the database\nhint: alter role nexiom_owner createdb;'
    )


def test_a_database_of_another_is_not_copied(staging: OpenTarget, server_session: Session, database: str) -> None:
    server_session.send(f"alter role nexiom_owner createdb; alter database {database} owner to postgres")
    try:
        with pytest.raises(TargetError) as caught, copies_of(staging):
            pass
    finally:
        server_session.send("alter role nexiom_owner nocreatedb")
    expected = f'error: "nexiom_owner" does not own the database "{database}", so it may not copy it'
    assert describe(caught.value.faults[0]) == expected


def test_a_database_in_use_is_not_copied(staging: OpenTarget, server_session: Session, dsn: str) -> None:
    server_session.send("alter role nexiom_owner createdb")
    database = staging.session.server.database
    try:
        with connect(dsn, application="another"), pytest.raises(TargetError) as caught, copies_of(staging):
            pass
    finally:
        server_session.send("alter role nexiom_owner nocreatedb")
    assert describe(caught.value.faults[0]) == (
        f'error: the database "{database}" is in use, so it cannot be copied\n'
        "detail: There is 1 other session using the database."
    )


def test_a_protected_target_is_not_copied(dsn: str) -> None:
    target = Target("production", dsn=dsn, protected=True)
    with (
        OpenTarget(target, connect(dsn, application="t"), None) as opened,
        pytest.raises(TargetError) as caught,
        copies_of(opened),
    ):
        pass
    expected = 'error: "production" is protected: no copy of its database is made'
    assert describe(caught.value.faults[0]) == expected


def test_a_report_becomes_what_psycopg_raises() -> None:
    error = plain_error(ServerReport("23505", "ERROR", "duplicate key", detail="Key (a)=(1) is there."))
    assert isinstance(error, psycopg.errors.UniqueViolation)
    assert (str(error), error.sqlstate) == ("duplicate key\nDETAIL:  Key (a)=(1) is there.", "23505")


def test_a_sqlstate_of_ones_own_is_a_plain_error() -> None:
    error = plain_error(ServerReport("NX001", "ERROR", "not today"))
    assert (type(error), str(error), error.sqlstate) == (psycopg.DatabaseError, "not today", "NX001")
