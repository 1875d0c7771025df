"""A connection to one database: the only border of psycopg. Explicit transactions, nothing left in the session."""

import os
import select
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import conninfo, generators, pq, sql, waiting
from psycopg.rows import namedtuple_row

from nexiom_runner.database.queries import Literal, Part, Query, load
from nexiom_runner.database.refusals import explain_bad_dsn, explain_refusal, misread_password
from nexiom_runner.database.reports import Redact, as_said, make_report
from nexiom_runner.errors import (
    Fault,
    ScriptError,
    ServerError,
    ServerReport,
    UnavailableError,
)

CONNECT_TIMEOUT = 10  # seconds, where neither the DSN nor PGCONNECT_TIMEOUT says otherwise
CANCEL_TIMEOUT = 2.0  # seconds for the server to take the request
CANCEL_AGAIN = 0.2  # seconds without an answer before it is asked again


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result: name and the oid of its type."""

    name: str
    type: int


@dataclass(frozen=True, slots=True)
class ResultSet:
    """What one statement returned. `columns` is empty for one that returns no rows; values are PostgreSQL's text."""

    tag: str  # INSERT 0 3
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """The server and database a session talks to. `host` is "host:port" or the socket's folder, never a password."""

    version: str
    version_num: int
    database: str
    database_oid: int
    role: str
    superuser: bool
    in_recovery: bool
    read_only: bool  # transactions are, unless they say otherwise; a replica's always
    system_identifier: str | None  # None where the role may not ask pg_control_system()
    host: str


def connect(dsn: str, *, application: str, redact: Redact = as_said) -> "Session":
    """An open session in autocommit: no `options`, no prepared statements, so that any pooler will do.

    Raises TargetError (bad DSN, wrong password, no such database or role) or UnavailableError (refused,
    host unknown, starting up, no connection free, timeout); no text of theirs holds the password.
    """
    settings = _read_dsn(dsn)
    try:
        connection = psycopg.connect(
            conninfo.make_conninfo("", **settings),
            autocommit=True,
            prepare_threshold=None,
            client_encoding="utf8",
            application_name=application,
        )
    except psycopg.Error as error:
        raise explain_refusal(str(error), _facts(settings)) from None
    return Session(connection, redact)


def on_database(dsn: str, database: str) -> str:
    """The connection text for another database of the same server and role. Raises TargetError."""
    return conninfo.make_conninfo("", **{**_read_dsn(dsn), "dbname": database})


class Session:
    """One connection. Not for threads. After an error or Ctrl-C it can be used again unless `closed`."""

    def __init__(self, connection: psycopg.Connection[Any], redact: Redact = as_said) -> None:
        self._connection = connection
        self._redact = redact
        self._depth = 0
        self.round_trips = 0
        self.notices: list[ServerReport] = []
        self._ended = 0  # statements of the message under way that have ended
        connection.add_notice_handler(
            lambda said: self.notices.append(replace(make_report(said, self._redact), after=self._ended))
        )

    def rows(self, query: Query, **params: object) -> list[Any]:
        """The rows of one statement as named tuples, [] when it returns none. Raises ServerError."""
        self.round_trips += 1
        with self._border(), self._connection.cursor(row_factory=namedtuple_row) as cursor:
            cursor.execute(_compose(query), params)
            return cursor.fetchall() if cursor.description else []

    def send(self, text: str, *, meanwhile: Callable[[], None] | None = None) -> tuple[ResultSet, ...]:
        """Send statements as one message; one ResultSet a statement, in order. One round trip.

        Outside a transaction PostgreSQL makes the message one. On ServerError (`completed`: how many of its
        statements had run) nothing of it is left, unless it committed midway; a transaction that the text
        itself began is rolled back. `meanwhile` is called while the server works; what it raises cancels that.
        """
        if "\0" in text:
            raise ScriptError(Fault("the statement holds a NUL character, at which PostgreSQL would stop reading"))
        try:
            with self._border():
                return tuple(_result_set(result) for result in self._exchange(text, meanwhile))
        except (ServerError, KeyboardInterrupt):
            self._leave_own_transaction()
            raise

    @property
    def user(self) -> str:
        """The role that the session was opened as; asks nothing."""
        return self._connection.info.user

    def written(self, query: Query) -> str:
        """The text of a query composed of literals and identifiers alone, to stand in a message with others."""
        return _compose(query).as_string(self._connection)

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, isolation: str | None = None, rollback: bool = False, first: str = ""
    ) -> Iterator[Self]:
        """A transaction: committed at the end, rolled back on an exception or where `rollback` asks for it.

        `isolation` is a level as SQL writes it; `first` (`set local …`) travels in the same message as `begin`.
        Raises ServerError when the commit is refused or was turned into a rollback.
        """
        if self.in_transaction:
            raise RuntimeError("a transaction is open already; use a savepoint")
        level = f" isolation level {isolation}" if isolation else ""
        mode = " read only" if read_only else ""
        self.send(f"begin{level}{mode}; {first}")
        self._depth += 1
        try:
            yield self
        except BaseException:
            self._end("rollback")
            raise
        self._end("rollback" if rollback else "commit")

    @contextmanager
    def savepoint(self, *, rollback: bool = False) -> Iterator[Self]:
        """A savepoint in the transaction: kept at the end, undone on an exception or where `rollback` asks for it."""
        name = f"nexiom_{self._depth}"
        self.send(f"savepoint {name}")
        self._depth += 1
        try:
            yield self
        except BaseException:
            self._end(f"rollback to {name}; release {name}")
            raise
        self._end(f"rollback to {name}; release {name}" if rollback else f"release {name}")

    def take_notices(self) -> tuple[ServerReport, ...]:
        """The notices since the last call, oldest first."""
        taken, self.notices[:] = tuple(self.notices), []
        return taken

    @cached_property
    def server(self) -> Server:
        """Who answers, in one round trip the first time and none later."""
        (row,) = self.rows(load(__file__, "server.sql"))
        return Server(**row._asdict(), host=_place(self._connection.info))

    @cached_property
    def shared(self) -> bool:
        """Whether a pooler stands before the server, which may give each transaction another connection: it names
        clients a process of its own making. One round trip the first time."""
        (row,) = self.rows(load(__file__, "process.sql"))
        return bool(row.pid != self._connection.info.backend_pid)

    def alive(self) -> bool:
        """Whether the connection is still there, as far as that is known without asking: no round trip."""
        pgconn = self._connection.pgconn
        try:
            while not self.closed and _readable(pgconn.socket, 0.0):
                pgconn.consume_input()
        except psycopg.OperationalError:
            self.close()
        return not self.closed

    def answers_within(self, seconds: float, otherwise: Callable[[], None]) -> bool:
        """Whether the server answers an empty message in time. Where it does not, as behind a pooler that has no
        connection to give, `otherwise` is called, which should make it answer, and the answer is awaited."""
        self.round_trips += 1
        with self._border():
            self._connection.pgconn.send_query(b"")
            in_time = _readable(self._connection.pgconn.socket, seconds)
            if not in_time:
                otherwise()
            _: list[pq.abc.PGresult] = self._connection.wait(generators.execute(self._connection.pgconn))
        return in_time

    def interrupt(self) -> None:
        """From another thread: ask the server to cancel what this session runs; nothing where it runs nothing."""
        with suppress(psycopg.Error):
            self._connection.cancel_safe(timeout=CANCEL_TIMEOUT)

    @property
    def pid(self) -> int:
        """The server's process of this session; behind a pooler whatever that says."""
        return self._connection.info.backend_pid

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, failed or not."""
        idle = (pq.TransactionStatus.IDLE, pq.TransactionStatus.UNKNOWN)  # unknown: the connection is lost
        return self._connection.info.transaction_status not in idle

    @property
    def closed(self) -> bool:
        """Whether the connection is gone."""
        return self._connection.closed

    def close(self) -> None:
        """End the session; what is not committed is rolled back by the server."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exchange(self, text: str, meanwhile: Callable[[], None] | None = None) -> list[pq.abc.PGresult]:
        """Send one message, read every result; libpq's own calls, since a cursor stops at COPY and stays there."""
        self.round_trips += 1
        pgconn = self._connection.pgconn
        pgconn.send_query(text.encode())
        self._ended = 0
        if meanwhile is not None:
            self._connection.wait(generators.send(pgconn))
            self._during(meanwhile)
        results = self._connection.wait(self._results(pgconn))
        last = results[-1]
        if last.status in (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT):
            self._refuse_copy(last.status, len(results) - 1)
        if last.status == pq.ExecStatus.FATAL_ERROR:
            error = psycopg.errors.error_from_result(last, encoding="utf-8")
            if self._connection.closed or not error.sqlstate:
                raise error
            raise ServerError(make_report(error.diag, self._redact), completed=len(results) - 1)
        return results

    def _during(self, meanwhile: Callable[[], None]) -> None:
        """Call it while a message is under way; where it raises, Ctrl-C included, the message is cancelled first."""
        try:
            meanwhile()
        except BaseException:
            pgconn = self._connection.pgconn
            self.interrupt()
            while not _readable(pgconn.socket, CANCEL_AGAIN):
                self.interrupt()  # the first one came before the message had begun
            with suppress(psycopg.Error):
                self._connection.wait(self._results(pgconn))
            raise

    def _results(self, pgconn: pq.abc.PGconn) -> Generator[waiting.Wait, waiting.Ready | int, list[pq.abc.PGresult]]:
        """Every result as it comes, as `generators.execute`, but counted, so that each notice has its statement.

        libpq hears a notice that lies behind a result in its buffer before it gives that result out (pqParseInput3 in
        fe-protocol3.c), so that the count may be one too low.
        """
        results: list[pq.abc.PGresult] = []
        yield from generators.send(pgconn)
        while (result := (yield from self._result(pgconn, results))) is not None:
            results.append(result)
            self._ended = len(results)
            if result.status in (pq.ExecStatus.COPY_IN, pq.ExecStatus.COPY_OUT):
                break
        return results

    def _result(
        self, pgconn: pq.abc.PGconn, before: Sequence[pq.abc.PGresult]
    ) -> Generator[waiting.Wait, waiting.Ready | int, pq.abc.PGresult | None]:
        """The next result; None behind the last, which an error that ended the connection is too."""
        try:
            result: pq.abc.PGresult | None = yield from generators.fetch(pgconn)
            return result
        except psycopg.DatabaseError:
            if any(result.status == pq.ExecStatus.FATAL_ERROR for result in before):
                return None
            raise

    def _refuse_copy(self, status: int, completed: int) -> None:
        """Leave COPY mode, so that the connection can be used again, and say why. What ran beside a COPY out stays."""
        pgconn = self._connection.pgconn
        with suppress(psycopg.ProgrammingError, psycopg.errors.QueryCanceled):  # said in our words below
            if status == pq.ExecStatus.COPY_IN:
                self._connection.wait(generators.copy_end(pgconn, b"there is no data to copy"))
            else:
                while isinstance(self._connection.wait(generators.copy_from(pgconn)), memoryview):
                    continue
        message = "copy from stdin and copy to stdout need a program that feeds or reads the data"
        raise ServerError(ServerReport("0A000", "ERROR", message), completed=completed)

    @contextmanager
    def _border(self) -> Iterator[None]:
        """Where psycopg's errors end: a statement refused is a ServerError, a lost connection unavailable."""
        try:
            yield
        except KeyboardInterrupt:
            self._settle()
            raise
        except psycopg.Error as error:
            report = make_report(error.diag, self._redact)
            if self._connection.closed:
                said = report.message or self._redact(str(error).strip().replace("\n", " "))
                raise UnavailableError(Fault("the connection to the server was lost", detail=said)) from None
            if not error.sqlstate:
                raise  # a query of ours that psycopg cannot send
            raise ServerError(report) from None

    def _settle(self) -> None:
        """Have the server give up what was sent and not answered: an interruption beside psycopg's own waiting, which
        would do that, leaves it under way."""
        if self.closed or self._connection.info.transaction_status != pq.TransactionStatus.ACTIVE:
            return
        self.interrupt()
        with suppress(psycopg.Error):
            _: list[pq.abc.PGresult] = self._connection.wait(generators.execute(self._connection.pgconn))

    def _end(self, text: str) -> None:
        """End the innermost transaction or savepoint; on a lost connection the server has done so."""
        self._depth -= 1
        if self.closed:
            return
        results = self.send(text)
        if text == "commit" and results[0].tag == "ROLLBACK":
            message = "the transaction had failed: it was rolled back, not committed"
            raise ServerError(ServerReport("25P02", "ERROR", message))

    def _leave_own_transaction(self) -> None:
        if self._depth == 0 and not self.closed and self.in_transaction:
            self._exchange("rollback")


def _readable(socket: int, seconds: float) -> bool:
    """Whether something came, or the other end went, within these seconds."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(seconds * 1_000))


def _result_set(result: pq.abc.PGresult) -> ResultSet:
    columns = range(result.nfields)
    return ResultSet(
        (result.command_status or b"").decode(),
        tuple(Column((result.fname(column) or b"").decode(), result.ftype(column)) for column in columns),
        tuple(tuple(_text(result.get_value(row, column)) for column in columns) for row in range(result.ntuples)),
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()


def _compose(query: Query) -> sql.SQL | sql.Composed:
    text = sql.SQL(query.text)
    return text.format(**{name: _part(part) for name, part in query.parts.items()}) if query.parts else text


def _part(part: Part) -> sql.Composable:
    if isinstance(part, Literal):
        return sql.Literal(part.value)
    return sql.Identifier(*((part,) if isinstance(part, str) else part))


def _read_dsn(dsn: str) -> dict[str, Any]:
    try:
        settings = conninfo.conninfo_to_dict(dsn)
    except psycopg.Error as error:
        raise explain_bad_dsn(str(error)) from None
    if dsn.startswith(("postgresql://", "postgres://")) and (misread := misread_password(settings)):
        raise misread
    if "connect_timeout" not in settings and "PGCONNECT_TIMEOUT" not in os.environ:
        settings["connect_timeout"] = CONNECT_TIMEOUT
    return settings


def _facts(settings: dict[str, Any]) -> dict[str, str]:
    """What was asked for, as libpq would fill it in, for a message."""
    defaults = {option.keyword.decode(): _text(option.val) for option in pq.Conninfo.get_defaults()}
    values = {**defaults, **settings}
    user = str(values.get("user") or "")
    host = str(values.get("host") or values.get("hostaddr") or "the local socket")
    return {
        "user": user,
        "database": str(values.get("dbname") or user),
        "server": f'the server at "{_host_text(host, str(values.get("port") or "5432"))}"',
    }


def _place(info: psycopg.ConnectionInfo) -> str:
    return _host_text(info.host, str(info.port))


def _host_text(host: str, port: str) -> str:
    return host if host.startswith("/") else f"{host}:{port}"
