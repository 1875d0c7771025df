"""Throw-away copies of a target's database: one template a run, copies of it in a few milliseconds each.

A run is one command, or one run of pytest with all its workers; its databases are gone when the last of its
sessions is. What a killed run left on an embedded server is dropped by the next one.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from secrets import token_hex
from threading import Lock
from typing import Self

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.plain import PlainConnection, connect_plain
from nexiom_runner.database.queries import load
from nexiom_runner.database.reports import Redact
from nexiom_runner.database.session import Session, connect, on_database
from nexiom_runner.database.state import dsn, names_as
from nexiom_runner.database.states import seal_database
from nexiom_runner.database.targets import APPLICATION, OpenTarget
from nexiom_runner.errors import Fault, ServerError, TargetError

PREFIX = "nexiom_run_"
MAINTENANCE = "postgres"  # the database to be connected to while others are made
OBJECT_IN_USE = "55006"


class Copy:
    """A database that may be changed at will, until it is closed."""

    def __init__(self, name: str, dsn: str, redact: Redact, drop: Callable[[], None]) -> None:
        self.name = name
        self.dsn = dsn
        self._redact = redact
        self._drop = drop

    def connect(self) -> Session:
        """A session as the role that phases run as; to be closed."""
        return connect(self.dsn, application=APPLICATION, redact=self._redact)

    def connect_plain(self) -> PlainConnection:
        """A connection of psycopg's as the same role, in autocommit; to be closed."""
        return connect_plain(self.dsn, application=APPLICATION)

    def close(self) -> None:
        """Drop it, with whoever is connected to it."""
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Copies:
    """Where copies come from: a template that nobody is connected to. Threads may share it."""

    def __init__(
        self,
        admin: Session,
        template: str,
        make: Callable[[str], object],
        dsn_of: Callable[[str], str],
        redact: Redact,
    ) -> None:
        self.template = template
        self._redact = redact
        self._admin = admin
        self._make = make
        self._dsn_of = dsn_of
        self._turn = Lock()
        self._numbers = count(1)

    def copy(self) -> Copy:
        """A new copy, to be closed. Raises ServerError."""
        with self._turn:
            name = f"{self.template.rpartition('_')[0]}_{os.getpid()}_{next(self._numbers)}"
            self._make(name)
        return Copy(name, self._dsn_of(name), self._redact, partial(self._drop, name))

    def _drop(self, name: str) -> None:
        with self._turn:
            drop_database(self._admin, name)


@contextmanager
def copies_of(opened: OpenTarget, run: str | None = None) -> Iterator[Copies]:
    """Copies of the target's database as it is now, or as it was when another session of the same `run` first asked.

    The session of `opened` is a new one afterwards. Who shares a run must not come here at the same moment as
    another of it. Raises TargetError where the database cannot be copied: the target is protected, the role may
    not make databases, others are connected to it.
    """
    prefix = f"{PREFIX}{run or token_hex(6)}_"
    with _embedded(opened, prefix) if opened.running is not None else _elsewhere(opened, prefix) as copies:
        yield copies


@contextmanager
def _embedded(opened: OpenTarget, prefix: str) -> Iterator[Copies]:
    assert opened.running is not None
    state, template = opened.running.state, f"{prefix}template"
    with connect(opened.running.maintenance_dsn, application=APPLICATION) as admin:
        admin.rows(load(__file__, "join_run.sql"), run=prefix)
        _drop_left_over(admin)
        try:
            if template not in _databases(admin, prefix):
                opened.with_database_free(lambda free: _make_template(free, template, prefix))
            make = partial(clone_database, admin, template, sealed=True)
            yield Copies(admin, template, make, lambda name: dsn(state, database=name), opened.redact)
        finally:
            _leave(admin, prefix)


def _make_template(admin: Session, template: str, prefix: str) -> None:
    """The whole of it or none that is found."""
    half_made = f"{prefix}new"
    drop_database(admin, half_made)
    clone_database(admin, names_as(admin.user).database, half_made)
    seal_database(admin, half_made)
    admin.rows(load(__file__, "rename_database.sql").compose(name=half_made, new=template))


def _drop_left_over(admin: Session) -> None:
    """The databases of runs that no session is of any more."""
    left = _databases(admin, PREFIX)
    for prefix in dict.fromkeys(f"{PREFIX}{name.removeprefix(PREFIX).partition('_')[0]}_" for name in left):
        _drop_if_over(admin, prefix)


def _leave(admin: Session, prefix: str) -> None:
    if not admin.closed:
        admin.rows(load(__file__, "leave_run.sql"), run=prefix)
        _drop_if_over(admin, prefix)


def _drop_if_over(admin: Session, prefix: str) -> None:
    (row,) = admin.rows(load(__file__, "is_run_over.sql"), run=prefix)
    if row.is_over:
        for name in _databases(admin, prefix):
            drop_database(admin, name)
        admin.rows(load(__file__, "end_run.sql"), run=prefix)


def _databases(admin: Session, prefix: str) -> list[str]:
    return [row.database for row in admin.rows(load(__file__, "copies.sql"), prefix=prefix)]


@contextmanager
def _elsewhere(opened: OpenTarget, prefix: str) -> Iterator[Copies]:
    """On a server that is not ours: what the role may do, and nobody is cut off."""
    source, template = _copyable(opened), f"{prefix}template"
    target = opened.direct_dsn or opened.target.dsn or ""
    copy = load(__file__, "copy_database.sql")
    with connect(on_database(target, MAINTENANCE), application=APPLICATION) as admin:
        opened.without_session(lambda: _copy_target(admin, opened, source, template))
        try:
            yield Copies(
                admin,
                template,
                lambda name: admin.rows(copy.compose(name=name, template=template)),
                partial(on_database, target),
                opened.redact,
            )
        finally:
            drop_database(admin, template)


def _copyable(opened: OpenTarget) -> str:
    """The name of the database. Raises TargetError where it cannot be copied."""
    name = opened.target.name
    if opened.target.protected:
        raise TargetError(Fault(f'"{name}" is protected: no copy of its database is made'))
    (row,) = opened.session.rows(load(__file__, "may_copy.sql"))
    role, database = opened.session.server.role, opened.session.server.database
    if not row.creates:
        raise TargetError(Fault(f'"{role}" may not make a copy of the database', hint=f"alter role {role} createdb;"))
    if not row.owns:
        raise TargetError(Fault(f'"{role}" does not own the database "{database}", so it may not copy it'))
    return database


def _copy_target(admin: Session, opened: OpenTarget, source: str, template: str) -> None:
    try:
        admin.rows(load(__file__, "copy_database.sql").compose(name=template, template=source))
    except ServerError as error:
        if error.report.sqlstate != OBJECT_IN_USE:
            raise
        detail = error.report.detail
        raise TargetError(Fault(f'the database "{source}" is in use, so it cannot be copied', detail=detail)) from None
