"""Readers within a transaction that must go on."""

import pytest

from nexiom_runner.database.nested import NestedSession
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError


def test_what_a_reader_sets_and_writes_is_taken_back(session: Session) -> None:
    with session.transaction(rollback=True):
        session.send("create table t (i int)")
        with NestedSession(session).transaction(first="set local search_path = pg_catalog") as inner:
            inner.send("insert into public.t values (1)")
        assert session.send("select count(*) from t")[0].rows == (("0",),)
        assert session.in_transaction


def test_read_only_is_kept(session: Session) -> None:
    with session.transaction(rollback=True):
        session.send("create table t (i int)")
        nested = NestedSession(session)
        with pytest.raises(ServerError), nested.transaction(read_only=True) as inner:
            inner.send("insert into public.t values (1)")
        session.send("insert into t values (2)")


def test_an_error_of_a_reader_does_not_end_the_transaction(session: Session) -> None:
    with session.transaction(rollback=True):
        nested = NestedSession(session)
        with pytest.raises(ServerError), nested.transaction() as inner:
            inner.send("select 1/0")
        assert session.send("select 1")[0].rows == (("1",),)
