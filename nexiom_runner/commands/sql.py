"""`nexiom sql`: run a script or a statement on a target and show every result set."""

import json
import re
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from nexiom_runner.commands.opened import Opened, open_project
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.database.session import ResultSet
from nexiom_runner.errors import Fault, ProjectError, RunError, ScriptError, ServerError, ServerReport, UsageError
from nexiom_runner.project.files import decode, read_source
from nexiom_runner.project.outline import Source
from nexiom_runner.render.render import render
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.report.tables import WIDEST, table
from nexiom_runner.sql.bodies import nearest_object
from nexiom_runner.sql.split import Statement, split

_CONTROL = frozenset({"begin", "start", "commit", "end", "abort", "rollback", "savepoint", "release"})
_UNKNOWN = frozenset({"42P01", "42883", "42704"})  # relation, function, object
_WORD = re.compile(r'"[^"\n]*"|\w+|\S')


@click.command(short_help="Run a script or a statement and show every result")
@click.argument("file", required=False)
@click.option("-c", "statement", metavar="SQL", help="Run this text instead of a file.")
@click.option("--no-transaction", is_flag=True, help="Each statement commits by itself, as in psql.")
@click.option("--rollback", is_flag=True, help="Undo what it did.")
@with_request
def command(request: Request, file: str | None, statement: str | None, no_transaction: bool, rollback: bool) -> int:
    """Run FILE (`-` reads standard input) or -c SQL on the target and show every result set.

    The whole script is one transaction: it is done, or nothing of it is. On a protected target it is
    read-only. Exits with 1 when a statement fails.

    \b
    nexiom sql --rollback tests/sql/test_phase12_basic.sql
    nexiom sql -t staging -c "select count(*) from messages"
    """
    if (file is None) == (statement is None):
        raise UsageError(Fault("expected a FILE or -c SQL", hint="For example: nexiom sql -c 'select 1'"))
    source = Source("-c", statement, "") if statement is not None else _read(file or "")
    with open_project(request) as opened:
        return run(request, opened, source, in_transaction=not no_transaction, rollback=rollback)


def run(request: Request, opened: Opened, source: Source, *, in_transaction: bool, rollback: bool = False) -> int:
    """Send each statement and show what it returned. Raises RunError at the one that fails."""
    if rollback and not in_transaction:
        raise UsageError(Fault("--rollback undoes a transaction, and --no-transaction has none"))
    rendered = render(source, opened.values, opened.project.macros)
    statements = split(rendered.text)
    if not statements:
        raise UsageError(Fault(f'"{source.path}" holds no statement'))
    if in_transaction:
        _refuse_control(rendered, statements)
    elif opened.target.protected:
        message = f'target "{opened.target.name}" is protected: scripts run read-only, in one transaction'
        raise UsageError(Fault(message, hint="Leave --no-transaction out."))
    protected = opened.target.protected
    around = opened.session.transaction(read_only=protected, rollback=rollback) if in_transaction else nullcontext()
    running = _Running(request, opened, rendered, len(statements), in_transaction)
    # within a savepoint the server refuses `set transaction read write` (check_transaction_read_only in variable.c)
    inside = opened.session.savepoint() if protected else nullcontext()
    with around, inside:
        for number, statement in enumerate(statements, start=1):
            running.send(statement, number)
    return 0


def is_terminal_out() -> bool:
    """Whether what is printed is read where it is printed, rather than piped on or kept."""
    return sys.stdout.isatty()


def _read(name: str) -> Source:
    faults: list[Fault] = []
    if name == "-":
        text = decode(sys.stdin.buffer.read(), "-", faults)
        source = Source("-", text, "") if text is not None else None
    else:
        path = Path(name)
        source = read_source(path.parent, path.name, faults)
    if source is None:
        raise ProjectError(*faults)
    return Source(name, source.text, source.sha256)


def _refuse_control(rendered: Rendered, statements: tuple[Statement, ...]) -> None:
    faults = [
        rendered.fault(
            f"{word} stands in a script that runs in one transaction",
            statement.head,
            len(word),
            hint="Take it out, or run the script with --no-transaction.",
        )
        for statement in statements
        if (word := statement.label.partition(" ")[0]) in _CONTROL
    ]
    if faults:
        raise ScriptError(*faults)


@dataclass(frozen=True, slots=True)
class _Running:
    request: Request
    opened: Opened
    rendered: Rendered
    total: int
    in_transaction: bool

    def send(self, statement: Statement, number: int) -> None:
        """Send one statement and show its notices and rows."""
        self.request.console.working(f"statement {number} of {self.total}: {statement.label}")
        try:
            results = self.opened.session.send(self.opened.reveal(statement.text))
        except ServerError as error:
            raise RunError(self.failure(error.report, statement, number)) from None
        for notice in self.opened.session.take_notices():
            self.request.console.note(f"{notice.severity.lower()}: {notice.message}")
        for result in results:
            self.show(result)

    def show(self, result: ResultSet) -> None:
        """Rows as a table or as JSON; the command tag of what returns none."""
        if self.request.format == "json":
            names = [column.name for column in result.columns]
            data = {"tag": result.tag, "columns": names, "rows": [list(row) for row in result.rows]}
            self.request.console.out(json.dumps(data, ensure_ascii=False))
        elif result.columns:
            widest = WIDEST if is_terminal_out() else sys.maxsize
            for line in (*table([column.name for column in result.columns], result.rows, widest=widest), ""):
                self.request.console.out(line)
        else:
            self.request.say(result.tag)

    def failure(self, report: ServerReport, statement: Statement, number: int) -> Fault:
        """The server's words at the place in the file."""
        offset = statement.start + report.position - 1 if report.position else statement.head
        hint = report.hint
        if report.sqlstate in _UNKNOWN:
            hint = hint or nearest_object(self.opened.graph.scripts, report)
        found = _WORD.match(self.rendered.text, offset)
        said = [f"PostgreSQL reported SQLSTATE {report.sqlstate} in statement {number} of {self.total}.", report.detail]
        if self.in_transaction:
            state = "Nothing of the script is left."
        else:
            state = f"{number - 1} of {self.total} statements before it are committed."
        return self.rendered.fault(
            report.message,
            offset,
            len(found.group()) if found else 1,
            detail=" ".join(part for part in said if part),
            state=state,
            **({"hint": hint} if hint else {}),
        )
