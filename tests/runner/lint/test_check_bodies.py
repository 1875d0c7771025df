"""plpgsql_check is used where it is, and said to be missing where it is not."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lint_cases import Case, cases_of

from nexiom_runner.database.embedded import reset, start
from nexiom_runner.database.session import Session, connect
from nexiom_runner.lint.check_bodies import RULE, ask, check_bodies
from nexiom_runner.lint.judge import subject_of


@pytest.fixture(scope="module")
def checking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A superuser's session on PostgreSQL 15 with the extension, as Debian packages it."""
    root = tmp_path_factory.mktemp("checking")
    states = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp") / f"nexiom-tests-{os.getuid()}"
    environ = {**os.environ, "NEXIOM_STATE_DIR": str(states)}
    running = start(root, "15", environ=environ)
    with connect(running.maintenance_dsn, application="pytest") as session:
        session.send("create schema extensions_here; create extension plpgsql_check schema extensions_here")
        yield session
    running.close()
    reset(root, "15", environ=environ)


@pytest.mark.full
@pytest.mark.parametrize("case", cases_of(RULE), ids=str)
def test_it_is_asked_of_every_body(case: Case, checking: Session) -> None:
    with checking.transaction(rollback=True):
        checking.send(case.sql)
        found = ask(checking, ["public"])
    assert isinstance(found, tuple)
    assert [f"{one.level}: {subject_of(one)}: {one.message}" for one in found] == list(case.finds)


def test_where_the_server_does_not_have_it_that_is_said(session: Session) -> None:
    found = check_bodies(session, ["public"])
    assert isinstance(found, str)
    missing = "the server does not have this extension (Debian: postgresql-NN-plpgsql-check)"
    there = r"version [\d.]+ is there and not created: `create extension plpgsql_check` as a superuser"
    assert found == missing or re.fullmatch(there, found)
