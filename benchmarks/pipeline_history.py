"""Pages that one run of the reference project's pipeline touches, over a million rows of history and over 10,000."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from nexiom_runner.database.clones import clone_database
from nexiom_runner.database.embedded import Running, start
from nexiom_runner.database.session import connect
from nexiom_runner.database.state import PRISTINE, dsn
from nexiom_runner.project.load import load_project

REFERENCE = Path(__file__).parents[1]
SQL = Path(__file__).parent / "sql"
DUE = 20
ROWS = (10_000, 1_000_000)
LIMIT = 1.5

Connection = psycopg.Connection[Mapping[str, Any]]


def measure(rows: tuple[int, int] = ROWS) -> Iterator[str]:
    """Events, messages, posts, schedules and metrics, so many of each; the same work is due in both."""
    with tempfile.TemporaryDirectory(prefix="nexiom-bench") as folder, start(folder, environ=os.environ) as server:
        small, large = (_pages_of_a_run(server, size) for size in rows)
    ratio = large / small
    name = f"run_pipeline_once over {rows[1]:,} rows of history"
    against = f"over {rows[0]:,} (at most {LIMIT:g})"
    word = "ok  " if ratio <= LIMIT else "OVER"
    yield f"{word} {name:<58} {ratio:6.2f} x {against}   {large} / {small} pages"


def _pages_of_a_run(server: Running, rows: int) -> int:
    """Of the second run of a session; the first one warmed its caches."""
    with psycopg.connect(_fresh(server, rows), autocommit=True, row_factory=dict_row) as connection:
        for phase in load_project(REFERENCE).phases:
            for script in (phase.apply, *phase.repeatables):
                if script is not None:
                    connection.execute(script.text.encode())
        for name, value in (("nexiom_bench.rows", rows), ("nexiom_bench.due", DUE)):
            connection.execute("select set_config(%s, %s, false)", [name, str(value)])
        _send(connection, "history.sql")
        connection.execute("vacuum analyze")
        _send(connection, "due.sql")
        _check_done(connection)
        _send(connection, "due.sql")
        plan = connection.execute((SQL / "explain_run.sql").read_bytes()).fetchall()[0]["QUERY PLAN"][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _fresh(server: Running, rows: int) -> str:
    name = f"history_{rows}"
    with connect(server.admin_dsn, application="benchmark") as session:
        clone_database(session, PRISTINE, name)
    return dsn(server.state, "nexiom_owner", name)


def _send(connection: Connection, name: str) -> None:
    connection.execute((SQL / name).read_bytes())


def _check_done(connection: Connection) -> None:
    done = connection.execute((SQL / "run.sql").read_bytes()).fetchall()[0]["done"]
    due = {"routed": DUE, "auto_replied": 2 * DUE, "schedules_run": DUE, "metrics_collected": 3 * DUE}
    if done != due:
        raise SystemExit(f"the run did {done}, not {due}")
