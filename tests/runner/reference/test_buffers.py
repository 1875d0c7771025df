"""The cost of a run depends on what is due, not on history. `benchmarks/pipeline_history.py` does it at full size."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.session import Session
from nexiom_runner.database.state import dsn

SQL = Path(__file__).parents[3] / "benchmarks" / "sql"
DUE = 2
DONE = {"routed": DUE, "auto_replied": 2 * DUE, "schedules_run": DUE, "metrics_collected": 3 * DUE}

Connection = psycopg.Connection[dict[str, Any]]


@pytest.mark.parametrize("analyzed", [True, False])
def test_forty_times_the_history_costs_at_most_half_more(
    server: Running, server_session: Session, template: str, analyzed: bool
) -> None:
    small, large = (
        pages_of_a_run(server, server_session, template, rows, analyzed=analyzed) for rows in (500, 20_000)
    )
    assert large <= 1.5 * small


def pages_of_a_run(server: Running, admin: Session, template: str, rows: int, *, analyzed: bool) -> int:
    """Pages that the second run of a session touches, as EXPLAIN counts them; the first one warmed its caches."""
    with history(server, admin, template, rows) as connection:
        if analyzed:
            connection.execute("vacuum analyze")
        connection.execute((SQL / "due.sql").read_bytes())
        (first,) = connection.execute("select public.run_pipeline_once() as done").fetchall()
        assert first["done"] == DONE
        connection.execute((SQL / "due.sql").read_bytes())
        (plan,) = connection.execute(
            "explain (analyze, buffers, format json) select public.run_pipeline_once()"
        ).fetchall()
    root = plan["QUERY PLAN"][0]["Plan"]
    return int(root["Shared Hit Blocks"] + root["Shared Read Blocks"])


@contextmanager
def history(server: Running, admin: Session, template: str, rows: int) -> Iterator[Connection]:
    """A copy of the reference project with so many rows of each kind, none of them due."""
    name = f"history_{rows}"
    clone_database(admin, template, name)
    with psycopg.connect(dsn(server.state, "nexiom_owner", name), autocommit=True, row_factory=dict_row) as connection:
        connection.execute("select set_config('nexiom_bench.rows', %s, false)", [str(rows)])
        connection.execute("select set_config('nexiom_bench.due', %s, false)", [str(DUE)])
        connection.execute((SQL / "history.sql").read_bytes())
        yield connection
    drop_database(admin, name)
