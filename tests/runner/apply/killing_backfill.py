"""A program for a test: a backfill by a run that is killed, each time one message later, then by another.

Prints a line of JSON for each: the mode, how many messages went out, how both ended, and what is in the database.
"""

import json
import os
import sys
from dataclasses import replace

from apply_builders import PROJECT, value, values
from backfill_builders import EVENTS, KEY, PACE, SCRIPTS, run
from killing import die

from nexiom_runner.apply.ledger import read_links
from nexiom_runner.database.session import Session, connect
from nexiom_runner.ledger.entry import parse

CLEAN = "drop schema if exists nexiom cascade; drop table if exists public.t"
TABLE = {"01_a/apply.sql": f"{SCRIPTS['01_a/apply.sql']}alter table public.t add touched int not null default 0;"}
FILL = SCRIPTS[KEY].replace("set b = a", "set b = a, touched = touched + 1")
LEFT = "select concat(count(*) filter (where b is null), ' ', max(touched)) from public.t"


def backfill(session: Session) -> bool:
    """Apply; whether everything passed."""
    return all(result.outcome == "PASS" for result in run(session, {**TABLE, KEY: FILL}, replace(PACE, batch=5)))


def apply(dsn: str, messages: int | None, mode: str) -> int:
    """Apply in a process of its own, killed before or in the middle of a message; how it ended."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    send, left = Session.send, messages

    def counted(self: Session, sent: str) -> object:
        nonlocal left
        if left == 0:
            die(self, sent if mode == "during" else None)
        left = None if left is None else left - 1
        return send(self, sent)

    Session.send = counted  # type: ignore[method-assign, assignment]
    with connect(dsn, application="killed") as session:
        passed = backfill(session)
    os._exit(0 if passed else 1)


def state(dsn: str) -> list[object]:
    """What is in the table, and what the ledger says."""
    with connect(dsn, application="looking") as session:
        last = parse(read_links(session, PROJECT)[-1].entry)
        return [value(session, LEFT), values(session, EVENTS), dict(last.details)["rows"]]


def main(dsn: str) -> None:
    """Every mode, every message, until a run has none left to be killed before."""
    for mode in ("before", "during"):
        messages, ended = 0, 1
        while ended:
            with connect(dsn, application="cleaning") as session:
                session.send(CLEAN)
                run(session, TABLE)
            ended = apply(dsn, messages, mode)
            again = apply(dsn, None, mode)
            print(json.dumps([mode, messages, ended, again, *state(dsn)]), flush=True)
            messages += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
