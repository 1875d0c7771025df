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
DUE = 1
DONE = {"routed": DUE, "auto_replied": 2 * DUE, "schedules_run": DUE, "metrics_collected": 3 * DUE}
EXPLAIN_TWO = b"explain (analyze, buffers, format json) select public.run_pipeline_once(p_limit => 2)"
BACKLOG_OF_EVENTS = (
    b"insert into public.webhook_events (channel, type, event_id, author_id, content)"
    b" select 'tiktok', 'message', 'backlog-' || n, 'backlog-' || n, 'Bonjour'"
    b" from generate_series(1, current_setting('nexiom_bench.rows')::integer) as n"
)
BACKLOG_OF_MESSAGES = (
    b"insert into public.messages (conversation_id, channel, direction, sent_at)"
    b" select c.id, 'facebook', 'inbound', now() - interval '5 minutes'"
    b" from (select id from public.conversations limit 1) as c,"
    b" generate_series(1, current_setting('nexiom_bench.rows')::integer)"
)

Connection = psycopg.Connection[dict[str, Any]]


def test_forty_times_the_history_costs_at_most_half_more_whatever_the_statistics(
    server: Running, server_session: Session, template: str
) -> None:
    measured = []
    for rows in (500, 20_000):
        with history(server, server_session, template, rows) as connection:
            unknown = pages_of_a_run(connection)
            connection.execute("vacuum analyze")
            measured.append((unknown, pages_of_a_run(connection)))
    small, large = measured
    assert large[0] <= 1.5 * small[0]
    assert large[1] <= 1.5 * small[1]


@pytest.mark.parametrize("backlog", [BACKLOG_OF_EVENTS, BACKLOG_OF_MESSAGES])
def test_backlog_costs_no_more_than_the_limit_lets(
    server: Running, server_session: Session, template: str, backlog: bytes
) -> None:
    measured = []
    for rows in ("500", "20000"):
        with history(server, server_session, template, 100) as connection:
            connection.execute("select set_config('nexiom_bench.rows', %s, false)", [rows])
            connection.execute(backlog)
            connection.execute("vacuum analyze")
            connection.execute("select public.run_pipeline_once(p_limit => 2)")
            measured.append(pages(connection, EXPLAIN_TWO))
    assert measured[1] <= 1.5 * measured[0]


def pages_of_a_run(connection: Connection) -> int:
    """How many pages the second of two runs touches; the first one warmed the session's caches."""
    connection.execute((SQL / "due.sql").read_bytes())
    (first,) = connection.execute((SQL / "run.sql").read_bytes()).fetchall()
    assert first["done"] == DONE
    connection.execute((SQL / "due.sql").read_bytes())
    return pages(connection, (SQL / "explain_run.sql").read_bytes())


def pages(connection: Connection, explain: bytes) -> int:
    """How many pages a statement touches."""
    root = connection.execute(explain).fetchall()[0]["QUERY PLAN"][0]["Plan"]
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
