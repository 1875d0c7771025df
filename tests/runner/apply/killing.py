"""Dying in the middle of an exchange, for tests."""

import os
import signal

from nexiom_runner.database.session import Session


def die(session: Session, text: str | None) -> None:
    """As with kill -9; a text is sent first, and nobody reads the answer."""
    if text is not None:
        pgconn = session._connection.pgconn
        pgconn.send_query(text.encode())
        pgconn.flush()
    os.kill(os.getpid(), signal.SIGKILL)
