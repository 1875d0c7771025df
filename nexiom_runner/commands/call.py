"""`nexiom call`: call a function as the API would, and print its JSON."""

import time
from collections.abc import Mapping, Sequence

import click

from nexiom_runner.apply.look import read_plan
from nexiom_runner.commands.accepting import accept_call
from nexiom_runner.commands.opened import Opened, open_project
from nexiom_runner.commands.request import Request, with_request
from nexiom_runner.errors import Fault, Place, RunError, ServerError, UsageError
from nexiom_runner.project.calling import User
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.in_force import CallInForce, ObjectKey
from nexiom_runner.project.model import CallExpectation
from nexiom_runner.project.outline import Text
from nexiom_runner.project.situation import callers_of, users_of
from nexiom_runner.report.words import duration
from nexiom_runner.shape.json import Json, JsonError, dumps, loads
from nexiom_runner.test.arguments import as_written
from nexiom_runner.test.prepare import Ready, Unready, prepare
from nexiom_runner.tree import Node, Scalar

_PLACE = Place("-", 1)


@click.command(short_help="Call a function and print its JSON")
@click.argument("function")
@click.argument("arguments", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--as", "role", metavar="NAME", help="Call as this role or user; else as the role nexiom runs as.")
@click.option("--rollback", is_flag=True, help="Undo what it did.")
@click.option("--accept", "write", is_flag=True, help="Write the shape of what it returned into phase.yml.")
@click.option("--values", is_flag=True, help="With --accept: what it returned as it is, not its types alone.")
@with_request
def command(
    request: Request,
    function: str,
    arguments: tuple[str, ...],
    role: str | None,
    rollback: bool,
    write: bool,
    values: bool,
) -> int:
    """Call FUNCTION with named arguments as one JSON document, as PostgREST does, and print what it returns.

    A VALUE is text, a number, true, false, null, or JSON that begins with [ or {. What the function
    did is committed unless --rollback; on a protected target only STABLE and IMMUTABLE functions are called.

    \b
    nexiom call settings_overview --as anon
    nexiom call run_pipeline_once p_since='30 minutes' p_limit=50 --rollback --accept
    """
    if values and not write:
        raise click.UsageError("--values is for --accept")
    with open_project(request) as opened:
        wanted, returned = call(request, opened, function, arguments, role, rollback=rollback)
        if write:
            accept_call(request, opened, wanted, returned, exact=values)
    return 0


def call(
    request: Request, opened: Opened, function: str, arguments: Sequence[str], role: str | None, *, rollback: bool
) -> tuple[CallInForce, str | None]:
    """Print the JSON, and give it back with the call.

    Raises UsageError where no such call can be made, RunError where the function fails.
    """
    users = users_of(opened.project) if role else {}
    wanted = _wanted(function, arguments, role, users)
    prepared = prepare(opened.session, [wanted], opened.values.secrets, users=users)
    ready, become = prepared.calls[0], prepared.role(wanted.callers[0])
    for problem in (ready, become.refusal):
        if isinstance(problem, Unready):
            hint = _unapplied(opened, wanted.key) if problem.absent else None
            if problem.missing is not None:
                hint = f"Give {problem.missing}=… behind the function."
            raise UsageError(Fault(problem.message, hint=hint or problem.fix))
    assert isinstance(ready, Ready)
    if opened.target.protected and not ready.read_only:
        message = f'target "{opened.target.name}" is protected and {ready.signature} is volatile'
        raise UsageError(Fault(message, hint="Only STABLE and IMMUTABLE functions are called there."))
    parts = ["begin read only" if ready.read_only else "begin", become.statement, ready.statement]
    parts.append("rollback" if rollback else "commit")
    begun = time.perf_counter()
    try:
        answers = opened.session.send(";\n".join(part for part in parts if part))
    except ServerError as error:
        raise RunError(_failure(error, ready)) from None
    for notice in opened.session.take_notices():
        request.console.note(f"{notice.severity.lower()}: {notice.message}")
    returned = answers[1 + bool(role)].rows[0][0]
    _show(request, returned)
    undone = ", rolled back" if rollback else ""
    request.console.note(f"{ready.shown}   {duration(time.perf_counter() - begun)}{undone}")
    return wanted, returned


def _unapplied(opened: Opened, key: ObjectKey) -> str | None:
    """The phase that creates the function, where it is one that is not applied to this database."""
    makers = [
        script.phase
        for script in opened.graph.scripts
        for made in script.creates
        if made.kind == "function" and (made.schema or "public", made.name) == (key.schema, key.name)
    ]
    if not makers:
        return None
    plan, _ = read_plan(opened.place, opened.project.name, opened.graph)
    missing = [phase for phase in makers if phase in plan.unapplied]
    return f"{missing[0]} creates it and is not applied: nexiom build" if missing else None


def _failure(error: ServerError, ready: Ready) -> Fault:
    report = error.report
    said = (f"PostgreSQL reported SQLSTATE {report.sqlstate}.", report.detail, report.context)
    detail = " ".join(part for part in said if part)
    return Fault(report.message, detail=detail, state=f"{ready.shown} was rolled back.", hint=report.hint)


def _show(request: Request, text: str | None) -> None:
    if text is None or request.format == "json":
        request.console.out(text or "null")
        return
    try:
        request.console.out(_indented(loads(text)))
    except JsonError:
        request.console.out(text)


def _indented(value: Json, margin: str = "\n") -> str:
    """JSON with a line an element, its numbers as the server wrote them: 3.0 is not 3, 1.10 is not 1.1."""
    inner = margin + "  "
    if value and isinstance(value, dict):
        lines = [f"{inner}{dumps(key)}: {_indented(each, inner)}" for key, each in value.items()]
        return "{" + ",".join(lines) + margin + "}"
    if value and isinstance(value, list):
        return "[" + ",".join(f"{inner}{_indented(each, inner)}" for each in value) + margin + "]"
    return dumps(value)


def _wanted(function: str, arguments: Sequence[str], role: str | None, users: Mapping[str, User]) -> CallInForce:
    try:
        schema, name = parse_name(function)
    except NotUnderstood as problem:
        raise UsageError(Fault(f'"{function}" is not {problem}')) from None
    as_role = Text(role, _PLACE) if role else None
    expected = CallExpectation("call", _PLACE, role=as_role, arguments=dict(map(_argument, arguments)))
    callers = callers_of(expected, None, users)
    return CallInForce("", ObjectKey("function", schema, name), expected, None, None, None, callers)


def _argument(text: str) -> tuple[str, Node]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(Fault(f'expected KEY=VALUE, found "{text}"', hint="For example: p_limit=50"))
    return name, _value(name, value)


def _value(name: str, value: str) -> Node:
    if value[:1] not in ("[", "{"):
        return Scalar(value, _PLACE)
    try:
        return as_written(loads(value), _PLACE)
    except JsonError as error:
        raise UsageError(Fault(f"the value of {name} is not JSON: {error}")) from None
