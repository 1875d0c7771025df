"""Opening a target: a session on the database it names, starting the embedded server where it must."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Self, TypeVar

from nexiom_runner.database import states
from nexiom_runner.database.embedded import Running, start
from nexiom_runner.database.platform import wanted_server
from nexiom_runner.database.reports import Redact, as_said
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.supabase import around, open_first
from nexiom_runner.errors import Fault, TargetError, UnavailableError
from nexiom_runner.project.hosted import Road, Way
from nexiom_runner.project.outline import Project, Target

Opened = TypeVar("Opened")
APPLICATION = "nexiom"
POLL = 0.5  # seconds between two attempts at a server that is not there yet


def _unheard(_: str) -> None:
    """Nobody listens."""


def open_target(
    project: Project,
    target: Target,
    environ: Mapping[str, str],
    *,
    redact: Redact = as_said,
    wait: float = 0.0,
    said: Callable[[str], None] = _unheard,
) -> "OpenTarget":
    """A session on the database of a resolved target; to be closed, which lets go of the embedded server.

    A server that is not there yet is tried again for `wait` seconds; `said` hears why, once a reason. Raises
    TargetError and UnavailableError (see `connect` and `start`); nothing is left open then.
    """
    if target.supabase is not None:
        return _open_hosted(target, redact, wait, said)
    if not target.embedded:
        if not (target.dsn or "").strip():  # libpq would take any database its environment names
            raise TargetError(Fault(f'target "{target.name}" has no DSN', place=target.place))
        dsn = target.dsn or ""
        session = _in_time(lambda: connect(dsn, application=APPLICATION, redact=redact), wait, said)
        return OpenTarget(target, session, None, redact)
    running = start(project.root, wanted_server(project.root, target), environ=environ)
    try:
        return OpenTarget(target, _connect_embedded(running, redact), running, redact)
    except BaseException:
        running.close()
        raise


class OpenTarget:
    """A target in use. `session` is replaced where the database is: read it anew after `store_state` and the like."""

    def __init__(
        self,
        target: Target,
        session: Session,
        running: Running | None,
        redact: Redact = as_said,
        way: Way | None = None,
    ) -> None:
        self.target = target
        self.session = session
        self.running = running
        self.way = way  # to a project on Supabase
        self.redact = redact

    @property
    def how(self) -> str:
        """How it was reached, for people: `embedded PostgreSQL 18.4, started in 0.1 s`; never a password."""
        if self.running is not None:
            since = f"started in {self.running.seconds:.1f} s" if self.running.started else "already running"
            played = " as Supabase" if self.running.platform is not None else ""
            asked = f", asked for {self.other_major}" if self.other_major else ""
            return f"embedded PostgreSQL {self.running.version}{played}{asked}, {since}"
        server = self.session.server
        by = f", by {self.way.road.words}" if self.way is not None else ""
        return f"{server.host}/{server.database}, PostgreSQL {server.version}, role {server.role}{by}"

    @property
    def other_major(self) -> int | None:
        """The major version that was asked for, where the embedded server is of another."""
        platform = self.running.platform if self.running is not None else None
        return platform.asked if platform is not None and platform.asked != platform.engine.major else None

    @cached_property
    def direct_dsn(self) -> str | None:
        """How the same database is reached without the pooler that the session goes through; None where no way is
        known. Of a project on Supabase that is looked for when it is first asked, by connecting, and only where the
        session goes by the transaction pooler, the one that gives each transaction another connection."""
        if self.way is None:
            return self.target.direct_dsn
        return around(self.target, APPLICATION, self.redact) if self.way.road is Road.TRANSACTION else None

    def connect_direct(self) -> Session:
        """Another session on the same database, to be closed; without the pooler where the target says how."""
        dsn = self.direct_dsn or self.target.dsn or ""
        return connect(self.running.dsn if self.running else dsn, application=APPLICATION, redact=self.redact)

    def store_state(self, key: str) -> None:
        """Keep the embedded database as it is under a key."""
        self.with_database_free(lambda admin: states.store_state(admin, key))

    def newest_state(self, keys: Sequence[str]) -> str | None:
        """The first of the keys, given newest first, that the embedded database can go back to."""
        with connect(self._embedded().maintenance_dsn, application=APPLICATION) as admin:
            return states.newest_state(admin, keys)

    def restore_state(self, key: str) -> None:
        """Make the embedded database what it was when the key was stored."""
        self.with_database_free(lambda admin: states.restore_state(admin, key))

    def reset_database(self) -> None:
        """Make the embedded database what it is before the first phase."""
        self.with_database_free(states.reset_database)

    def reconnect(self) -> None:
        """A new session on the embedded database, where another runner replaced it and cut the old one off."""
        self.session.close()
        self.session = _connect_embedded(self._embedded(), self.redact)

    def with_database_free(self, work: Callable[[Session], None]) -> None:
        """Do the work on a superuser's session while this one is not connected to the embedded database."""
        running = self._embedded()
        with connect(running.maintenance_dsn, application=APPLICATION) as admin:
            self.session.close()
            try:
                work(admin)
            finally:
                self.session = _connect_embedded(running, self.redact)

    def without_session(self, work: Callable[[], None]) -> None:
        """Do the work while this target's session is closed; it is a new one afterwards."""
        self.session.close()
        try:
            work()
        finally:
            self.session = self.connect_again()

    def connect_again(self) -> Session:
        """A session as the first one was; to be closed."""
        if self.running is not None:
            return _connect_embedded(self.running, self.redact)
        return connect(self.target.dsn or "", application=APPLICATION, redact=self.redact)

    def close(self) -> None:
        """End the session and let go of the embedded server."""
        try:
            self.session.close()
        finally:
            if self.running is not None:
                self.running.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _embedded(self) -> Running:
        if self.running is None:
            raise RuntimeError(f'target "{self.target.name}" is not embedded: it has no stored states')
        return self.running


def _open_hosted(target: Target, redact: Redact, wait: float, said: Callable[[str], None]) -> "OpenTarget":
    """The target of a project on Supabase, its DSN that of the way that was taken."""
    session, way = _in_time(lambda: open_first(target, APPLICATION, redact, said), wait, said)
    return OpenTarget(replace(target, dsn=way.dsn), session, None, redact, way)


def _in_time(attempt: Callable[[], Opened], wait: float, said: Callable[[str], None]) -> Opened:
    deadline, told = time.monotonic() + wait, ""
    while True:
        try:
            return attempt()
        except UnavailableError as error:
            if time.monotonic() + POLL > deadline:
                raise
            why = error.faults[0].message
        if why != told:
            said(f"waiting for the server: {why}")
            told = why
        time.sleep(POLL)


def _connect_embedded(running: Running, redact: Redact) -> Session:
    """A session as the role phases run as; a database that a killed run left away is made first."""
    try:
        return connect(running.dsn, application=APPLICATION, redact=redact)
    except TargetError:
        with connect(running.maintenance_dsn, application=APPLICATION) as admin:
            if not states.mend_database(admin):
                raise
        return connect(running.dsn, application=APPLICATION, redact=redact)
