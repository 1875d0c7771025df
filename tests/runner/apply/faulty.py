"""A program for a test: an apply that meets a fault at one message after the other, each time followed by another.

Prints a line of JSON for each: which message, how the disturbed run ended, how the next one did, and the state left.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from apply_builders import PROJECT, runner, value, values
from graph_builders import graph, project
from mixed import CATALOG, SCRIPTS

from nexiom_runner.apply.ledger import read_links
from nexiom_runner.apply.run import Options, begin_apply
from nexiom_runner.apply.timeouts import UNSTATED
from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.targets import open_target
from nexiom_runner.errors import NexiomError, UnavailableError
from nexiom_runner.ledger.chain import check
from nexiom_runner.ledger.entry import parse
from nexiom_runner.project.model import Limits, Target

LOCK = "nexiom on "  # how the application of the lock's connection begins
POSTMASTER = "NEXIOM_TEST_POSTMASTER"  # where the file is that names the server's first process
HAPPENED = ("applied", "rerun")
END = (
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
    "where datname = current_database() and pid <> pg_backend_pid()"
)
SOON = 0.0015  # seconds after which an interrupt comes that is to come while the server works


def interrupt(*_: object) -> None:
    """As Ctrl-C does."""
    raise KeyboardInterrupt


class Faulty:
    """Does something once, before or while the message of a number is answered."""

    def __init__(self, kind: str, at: int, admin_dsn: str) -> None:
        self._what, _, self._when = kind.partition(" ")
        self._left: int | None = at
        self._admin_dsn = admin_dsn
        self._send, self._rows, self._wait = Session.send, Session.rows, psycopg.Connection.wait

    def install(self) -> None:
        """Every message of this process from now on, but those of the lock's connection."""
        faulty = self

        def send(self: Session, *arguments: Any, **named: Any) -> Any:
            faulty.met("before", self._connection)
            return faulty._send(self, *arguments, **named)

        def rows(self: Session, *arguments: Any, **named: Any) -> Any:
            faulty.met("before", self._connection)
            return faulty._rows(self, *arguments, **named)

        def wait(self: psycopg.Connection[Any], *arguments: Any, **named: Any) -> Any:
            faulty.met("during", self)
            return faulty._wait(self, *arguments, **named)

        Session.send, Session.rows = send, rows  # type: ignore[method-assign]
        psycopg.Connection.wait = wait  # type: ignore[method-assign, assignment]

    def met(self, when: str, connection: "psycopg.Connection[Any]") -> None:
        """One message; the fault where it is this one's turn."""
        if when != self._when or self._left is None or connection.closed:
            return
        if connection.info.get_parameters()["application_name"].startswith(LOCK):
            return
        self._left -= 1
        if self._left < 0:
            self._left = None
            self._happen(connection)

    def _happen(self, connection: "psycopg.Connection[Any]") -> None:
        if self._what == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self._what == "interrupted" and self._when == "before":
            raise KeyboardInterrupt
        elif self._what == "interrupted":
            signal.signal(signal.SIGALRM, interrupt)
            signal.setitimer(signal.ITIMER_REAL, SOON)
        elif self._what == "cut":
            self._end(f"pid = {connection.info.backend_pid}")
        elif self._what == "unlocked":
            self._end(f"application_name like '{LOCK}%'")
        elif self._what == "down":
            self._end("true")
        elif self._what == "crashed":
            os.kill(int(Path(os.environ[POSTMASTER]).read_text().split()[0]), signal.SIGKILL)

    def _end(self, which: str) -> None:
        with connect(self._admin_dsn, application="ending") as admin:
            self._send(admin, f"{END} and {which}")


def apply(dsn: str, scripts: dict[str, str] = SCRIPTS, limits: Limits = UNSTATED) -> str:
    """Apply a project once, as a run does; how it ended, as one word or the whole of what was not foreseen."""
    try:
        with (
            open_target(project(), Target("faulty", dsn=dsn, limits=limits), {}) as place,
            begin_apply(place, graph(scripts), runner(place.session), {}, Options(wait=20.0)) as applying,
        ):
            results = list(applying.results)
    except UnavailableError as error:
        return f"unavailable: {error.faults[0].message}"
    except NexiomError as error:
        return f"refused: {error}"
    except KeyboardInterrupt as error:
        return f"interrupted: {error}"
    failed = [str(result.message) for result in results if result.outcome == "FAIL"]
    return f"failed: {failed[0]}" if failed else "applied"


def in_a_process(work: Callable[[], str]) -> str:
    """What the work returned, done in a process of its own; "killed" where that did not live to say it."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            try:
                said = work()
            except BaseException as error:
                said = f"broken: {type(error).__name__}: {error}"
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.write(writes, said.encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said or "killed"


def disturbed(kind: str, at: int, dsn: str, admin_dsn: str) -> str:
    """An apply with a fault at its message `at` (from 0)."""

    def work() -> str:
        faulty = Faulty(kind, at, admin_dsn)
        faulty.install()
        said = apply(dsn)
        return said if faulty._left is None else "undisturbed"

    return in_a_process(work)


def state(dsn: str) -> dict[str, Any]:
    """What an apply left: the catalog, what the ledger says happened, and what must not be there."""
    with connect(dsn, application="looking") as session:
        links = read_links(session, PROJECT)
        entries = [parse(link.entry) for link in links]
        happened = [
            [str(e.event), e.script, e.segment, e.segments, e.source, e.semantic]
            for e in entries
            if e.event in HAPPENED
        ]
        began = [(e.script, e.segment) for e in entries if e.event == "started"]
        again = [(e.script, e.segment) for e in entries if e.event == "failed"]
        return {
            "catalog": value(session, CATALOG),
            "ledger": happened,
            "chain": str(check(links, project=PROJECT)),
            "begun twice": [each for each in set(began) if began.count(each) > 1 + again.count(each)],
            "locks": values(session, "select locktype from pg_locks where locktype = 'advisory'"),
        }


def main(kind: str, dsn: str, admin_dsn: str, template: str, first: int, step: int) -> None:
    """Each message in turn, until a run has none left; then, as its last line, what an undisturbed run leaves."""
    server, name = admin_dsn, psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    maintenance = psycopg.conninfo.make_conninfo(server, dbname="postgres")
    at, said = first, ""
    while said != "undisturbed" and not said.startswith("broken"):
        with connect(maintenance, application="making") as admin:
            drop_database(admin, name)
            clone_database(admin, template, name)
        said = disturbed(kind, at, dsn, admin_dsn)
        after = in_a_process(lambda: apply(dsn))
        print(json.dumps([at, said, after, state(dsn)]), flush=True)
        at += step


if __name__ == "__main__":
    main(*sys.argv[1:5], *map(int, sys.argv[5:]))
