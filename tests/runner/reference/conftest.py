"""The reference project on a real server: built once a worker, a copy of it for each test."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.embedded import Running
from nexiom_runner.database.session import Session
from nexiom_runner.database.state import PRISTINE, dsn
from nexiom_runner.project.load import load_project

ROOT = Path(__file__).parents[3]
TEMPLATE = "reference"
NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Studio:
    """A connection as nexiom_owner, and rows as the tests need them."""

    connection: psycopg.Connection[dict[str, Any]]

    def rows(self, query: LiteralString, **params: object) -> list[dict[str, Any]]:
        """All rows of a statement, by column."""
        cursor = self.connection.execute(query, params or None)
        return cursor.fetchall() if cursor.description else []

    def value(self, query: LiteralString, **params: object) -> Any:
        """The one value of a statement."""
        (row,) = self.rows(query, **params)
        (value,) = row.values()
        return value

    def count(self, table: str) -> int:
        """How many rows of a table are seen."""
        query = SQL("select count(*) as n from public.{}").format(Identifier(table))
        (row,) = self.connection.execute(query).fetchall()
        return int(row["n"])

    def run(self, since: str | None = "1 hour", limit: int | None = 100) -> Mapping[str, int]:
        """One run of the pipeline."""
        result: Mapping[str, int] = self.value(
            "select public.run_pipeline_once(%(since)s, %(limit)s)", since=since, limit=limit
        )
        return result

    @contextmanager
    def role(self, name: str) -> Iterator[None]:
        """Statements inside run as this role of the API; what they did is rolled back."""
        with self.connection.transaction(force_rollback=True):
            self.connection.execute("select set_config('role', %s, true)", [name])
            yield

    def event(self, event_id: str, author: str | None = "ana", content: str = "Bonjour", age: str = "0") -> None:
        """An event of WhatsApp that came in now and was written `age` ago."""
        self.rows(
            "insert into public.webhook_events (channel, type, event_id, author_id, author_name, content, event_date)"
            " values ('whatsapp', 'message', %(id)s, %(author)s, %(author)s, %(content)s, now() - %(age)s::interval)",
            id=event_id, author=author, content=content, age=age,
        )  # fmt: skip

    def message(self, name: str = "Ana", age: str = "0") -> Any:
        """An inbound message of a new contact of that name; its id."""
        return self.value(
            "with contact as (insert into public.contacts (full_name) values (%(name)s) returning id),"
            " talk as (insert into public.conversations (contact_id, channel)"
            " select id, 'facebook' from contact returning id, contact_id)"
            " insert into public.messages (conversation_id, contact_id, channel, direction, content_text, sent_at)"
            " select id, contact_id, 'facebook', 'inbound', 'Bonjour', now() - %(age)s::interval from talk"
            " returning id",
            name=name, age=age,
        )  # fmt: skip

    def post(self, *channels: str, status: str = "draft", finished: str | None = None) -> Any:
        """A post; finished so long ago, or at no stated time. Its id."""
        return self.value(
            "insert into public.social_posts (content_text, target_channels, status, finished_at)"
            " values ('Bonjour', %(channels)s, %(status)s, now() - %(finished)s::interval) returning id",
            channels=list(channels), status=status, finished=finished,
        )  # fmt: skip

    def schedule(self, post: object, due: str = "1 minute") -> Any:
        """A schedule that was due so long ago; its id."""
        return self.value(
            "insert into public.social_schedules (post_id, scheduled_at)"
            " values (%(post)s, now() - %(due)s::interval) returning id",
            post=post, due=due,
        )  # fmt: skip

    def refuse(self, table: LiteralString, condition: LiteralString, code: LiteralString = "P0001") -> None:
        """From now on rows for which this holds are refused with that SQLSTATE."""
        self.rows(
            "create function public.refuse() returns trigger language plpgsql"
            " as 'begin raise exception ''refused by the test'' using errcode = tg_argv[0]; end'"
        )
        self.rows(
            "create trigger refuse before insert on public." + table + " for each row when (" + condition + ")"
            " execute function public.refuse('" + code + "')"
        )


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder of the reference project, which is this repository's."""
    return ROOT


@pytest.fixture(scope="session")
def build(server: Running, server_session: Session, project_root: Path) -> Callable[..., str]:
    """Makes a database of that name and applies all phases in it, after `before`."""

    def make(name: str, before: bytes = b"") -> str:
        clone_database(server_session, PRISTINE, name)
        with psycopg.connect(dsn(server.state, "nexiom_owner", name)) as connection:
            connection.execute(before)
            for phase in load_project(project_root).phases:
                for script in (phase.apply, *phase.repeatables):
                    if script is not None:
                        connection.execute(script.text.encode())
        return name

    return make


@pytest.fixture(scope="session")
def template(build: Callable[..., str]) -> str:
    """The name of a database in which all phases are applied."""
    return build(TEMPLATE)


@pytest.fixture
def database(server_session: Session, template: str) -> Iterator[str]:
    """The name of a fresh copy of the reference project; dropped after the test."""
    name = f"reference_{next(NUMBERS)}"
    clone_database(server_session, template, name)
    yield name
    drop_database(server_session, name)


@pytest.fixture
def open_studio(dsn: str) -> Iterator[Callable[[], Studio]]:
    """Opens another connection to the test's database; each statement commits."""
    opened = []

    def connect() -> Studio:
        opened.append(psycopg.connect(dsn, autocommit=True, row_factory=dict_row, options="-c statement_timeout=10s"))
        return Studio(opened[-1])

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def studio(open_studio: Callable[[], Studio]) -> Studio:
    """A connection to the test's database."""
    return open_studio()
