"""One database for all cases of rules: each runs in a transaction that is rolled back."""

from collections.abc import Iterator

import pytest

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import PRISTINE, dsn


@pytest.fixture(scope="session")
def cases_session(server: Running, server_session: Session) -> Iterator[Session]:
    """A session as nexiom_owner on a database that the cases share and leave as it was."""
    clone_database(server_session, PRISTINE, "lint_cases")
    with connect(dsn(server.state, "nexiom_owner", "lint_cases"), application="pytest") as session:
        yield session
    drop_database(server_session, "lint_cases")
