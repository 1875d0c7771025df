"""A program for a test: as faulty.py, on a server of its own that is killed (-9) at a message and started again."""

import json
import os
import sys

from apply_builders import run
from faulty import POSTMASTER, apply, disturbed, in_a_process, state
from mixed import BEFORE

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.embedded import Running, start
from nexiom_runner.database.session import connect
from nexiom_runner.database.state import ADMIN, PRISTINE, dsn

WORK, TEMPLATE = "crashing", "crashing_before"


def prepare(running: Running) -> None:
    """The database that each run begins with."""
    with connect(running.maintenance_dsn, application="making") as admin:
        clone_database(admin, PRISTINE, TEMPLATE)
    with connect(dsn(running.state, database=TEMPLATE), application="before") as session:
        run(session, BEFORE)


def main(kind: str, root: str, engine: str, first: int, step: int) -> None:
    """Each message in turn, until a run has none left; then, as its last line, what an undisturbed run leaves."""
    running = start(root, engine or None, environ=os.environ)
    os.environ[POSTMASTER] = str(running.state.data / "postmaster.pid")
    work, admin_dsn = dsn(running.state, database=WORK), dsn(running.state, ADMIN, WORK)
    prepare(running)
    at, said = first, ""
    while said != "undisturbed" and not said.startswith("broken"):
        with connect(running.maintenance_dsn, application="making") as admin:
            drop_database(admin, WORK)
            clone_database(admin, TEMPLATE, WORK)
            admin.send("checkpoint")
        said = disturbed(kind, at, work, admin_dsn)
        start(root, engine or None, environ=os.environ).close()
        after = in_a_process(lambda: apply(work))
        print(json.dumps([at, said, after, state(work)]), flush=True)
        at += step
    running.close()


if __name__ == "__main__":
    main(*sys.argv[1:4], *map(int, sys.argv[4:]))
