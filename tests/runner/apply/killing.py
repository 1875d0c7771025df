"""A program for a test: a script is applied by a run that is killed, each time one message later, then by another.

Prints a line of JSON for each: the mode, how many messages went out, and what is in the catalog and in the ledger.
"""

import json
import os
import signal
import sys
from typing import Any

from apply_builders import run, value, values

from nexiom_runner.database.session import Session, connect

CLEAN = (
    "drop schema if exists nexiom cascade; drop table if exists public.t, public.parted, public.part, public.felt;"
    "drop type if exists public.mood"
)


def die(session: Session, text: str | None) -> None:
    """As with kill -9; a text is sent first, and nobody reads the answer."""
    if text is not None:
        pgconn = session._connection.pgconn
        pgconn.send_query(text.encode())
        pgconn.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def apply(dsn: str, key: str, text: str, messages: int | None, mode: str) -> int:
    """Apply in a process of its own, killed before or in the middle of a message; how it ended."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    send, left = Session.send, messages

    def counted(self: Session, sent: str, **options: Any) -> object:
        nonlocal left
        if left == 0:
            die(self, sent if mode == "during" else None)
        left = None if left is None else left - 1
        return send(self, sent, **options)

    Session.send = counted  # type: ignore[method-assign, assignment]
    with connect(dsn, application="killed") as session:
        results = run(session, {key: text})
    os._exit(0 if all(result.outcome == "PASS" for result in results) else 1)


def state(dsn: str, catalog: str, events: str) -> list[object]:
    """What is in the catalog and the ledger."""
    with connect(dsn, application="looking") as session:
        return [value(session, catalog), values(session, events)]


def main(dsn: str, key: str, text: str, catalog: str, events: str) -> None:
    """Every mode, every message, until a run has none left to be killed before."""
    for mode in ("before", "during"):
        messages, ended = 0, 1
        while ended:
            with connect(dsn, application="cleaning") as session:
                session.send(CLEAN)
            ended = apply(dsn, key, text, messages, mode)
            again = apply(dsn, key, text, None, mode)
            print(json.dumps([mode, messages, ended, again, *state(dsn, catalog, events)]), flush=True)
            messages += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
