"""A server with pgTAP on it, where it is installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from nexiom_runner.database.embedded import start
from nexiom_runner.database.session import Session, connect
from nexiom_runner.errors import ServerError

ENGINE = "15"  # Debian has pgTAP for it


@contextmanager
def pgtap_server(folder: str) -> Iterator[Session | str]:
    """A session on a new server in the folder, pgTAP in the schema pgtap; what to say where there is no pgTAP."""
    with (
        start(folder, ENGINE, environ=os.environ) as server,
        connect(server.admin_dsn, application="benchmark") as session,
    ):
        try:
            session.send("create schema pgtap; create extension pgtap schema pgtap")
        except ServerError as error:
            yield f"not measured: {error.report.message} (Debian: postgresql-15-pgtap)"
            return
        yield session
