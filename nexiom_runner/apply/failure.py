"""Why a script failed and where: the server's words at the user's line, with what to do about it."""

from dataclasses import dataclass

from nexiom_runner.apply.message import Message
from nexiom_runner.apply.rights import NO_RIGHT, missing_right
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerReport
from nexiom_runner.graph.model import Graph
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.sql.bodies import in_body, line_width, missing_name, name_width, nearest_object
from nexiom_runner.sql.script import Script

NO_RELATION, NO_FUNCTION, NO_OBJECT, NO_COLUMN, NO_SCHEMA = "42P01", "42883", "42704", "42703", "3F000"
ENDS_TRANSACTION = "2D000"


_SERVERS = {
    "53100": "The server's disk is full: free space there, or let it grow, then run apply again.",
    "53200": "The server has no memory for this: let it have more, or do it in smaller steps.",
    "25006": "The server became read-only (a failover, a full disk): look at it, then run apply again.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """The facts of one failure; `statement` counts from 1, None where the commit failed."""

    fault: Fault
    statement: int | None


def explain(
    session: Session, script: Script, message: Message, report: ServerReport, completed: int, graph: Graph
) -> Failure:
    """The failure of a message of which `completed` statements went through.

    The server is asked again only where a right is missing.
    """
    offset = message.offset(report.position) if report.position else None
    index = _statement_at(script, offset) if offset is not None else message.failing(completed)
    found = _place(script, report, offset, index)
    fault = script.rendered.fault(
        f'phase "{script.phase}" failed: {report.message}',
        *found,
        detail=_detail(script, report, index, message, completed),
    )
    hint = _hint(session, script, report, graph, index) or report.hint
    return Failure(
        Fault(fault.message, fault.place, fault.source, fault.width, fault.detail, hint=hint),
        None if index is None else index + 1,
    )


def _statement_at(script: Script, offset: int) -> int | None:
    found = (index for index, statement in enumerate(script.statements) if statement.start <= offset < statement.end)
    return next(found, len(script.statements) - 1 if script.statements else None)


def _place(script: Script, report: ServerReport, offset: int | None, index: int | None) -> tuple[int, int]:
    """Offset in the rendered text, and how many characters to mark."""
    if offset is not None:
        return offset, name_width(script.text, offset)
    if index is None:
        return (script.statements[0].head if script.statements else 0), 1
    statement = script.statements[index]
    return in_body(script, statement, report) or (statement.head, line_width(script.text, statement.head))


def _detail(script: Script, report: ServerReport, index: int | None, message: Message, completed: int) -> str:
    total = len(script.statements)
    if index is not None:
        where = f"in statement {index + 1} of {total}"
    elif completed - message.before >= message.statements:
        where = f"when its {message.statements} statements were committed"
    else:
        where = "before its first statement"
    said = [f"PostgreSQL reported SQLSTATE {report.sqlstate} {where}."]
    if report.detail:
        said.append(report.detail)
    context = (report.context or "").split("\n")
    called = next((line for line in context if " function " in line), context[0])
    if called:
        said.append(f"{called}.")
    return " ".join(said)


def _hint(session: Session, script: Script, report: ServerReport, graph: Graph, index: int | None) -> str | None:
    if report.sqlstate in (NO_RELATION, NO_FUNCTION, NO_OBJECT):
        keys = [each.key for each in graph.scripts]
        before = keys[: keys.index(script.key)] if script.key in keys else []
        return nearest_object(graph.scripts, report, script.key, before)
    if report.sqlstate == NO_SCHEMA:
        return _nearest_schema(script, report, graph)
    if report.sqlstate == NO_RIGHT:
        if report.hint and " function " in (report.context or ""):
            return report.hint  # a function that refuses knows why
        refused = None if index is None else script.text[script.statements[index].head :]
        return missing_right(session, report, refused, script.text)
    if report.sqlstate in _SERVERS:
        return _SERVERS[report.sqlstate]
    if report.sqlstate == ENDS_TRANSACTION:
        return "nexiom begins and commits a script's transactions: take commit and rollback out of what it calls."
    return None


def _nearest_schema(script: Script, report: ServerReport, graph: Graph) -> str | None:
    missing = missing_name(report)
    schemas = {name.name for other in graph.scripts for name in other.creates if name.kind == "schema"} | {"public"}
    return did_you_mean(missing, sorted(schemas)) if missing else None
