"""One call by name, arguments and role, as PostgREST makes it and commits it; no expectation is involved."""

import json
from collections.abc import Mapping
from typing import Any

from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, Place, UsageError
from nexiom_runner.project.calling import User
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.in_force import CallInForce, ObjectKey
from nexiom_runner.project.model import CallExpectation
from nexiom_runner.shape.json import loads
from nexiom_runner.test.arguments import as_written
from nexiom_runner.test.message import Message
from nexiom_runner.test.prepare import Unready, prepare
from nexiom_runner.tree import Node

_PLACE = Place("-", 1)


def call_by_hand(
    session: Session,
    function: str,
    arguments: Mapping[str, Any],
    role: str | None = None,
    claims: Mapping[str, Any] | None = None,
) -> str | None:
    """The JSON text that the function returned, or None; what it did is committed.

    Raises UsageError where no function or role is so called or an argument is missing, ServerError with what the
    function raised.
    """
    caller = None if role is None else User(role, _PLACE, role, _nodes(claims or {}))
    wanted = _wanted(function, arguments, caller)
    prepared = prepare(session, [wanted], {})
    ready, become = prepared.calls[0], prepared.role(caller)
    for problem in (ready, become.refusal):
        if isinstance(problem, Unready):
            hint = problem.fix if problem.missing is None else f"Give {problem.missing} among the arguments."
            raise UsageError(Fault(problem.message, hint=hint))
    assert not isinstance(ready, Unready)
    message = Message()
    message.add("begin", "begin read only" if ready.read_only else "begin")
    message.add("become", become.statement)
    message.add("call", ready.statement)
    message.add("commit", "commit")
    return message.answer(session.send(message.text), "call")


def _wanted(function: str, arguments: Mapping[str, Any], caller: User | None) -> CallInForce:
    try:
        schema, name = parse_name(function)
    except NotUnderstood as problem:
        raise UsageError(Fault(f'"{function}" is not {problem}')) from None
    expected = CallExpectation("call", _PLACE, arguments=_nodes(arguments))
    return CallInForce("", ObjectKey("function", schema, name), expected, None, None, None, (caller,))


def _nodes(values: Mapping[str, Any]) -> dict[str, Node]:
    """Python's values as the YAML of a call has them; what JSON does not know (a date, a uuid) is its text."""
    return {name: as_written(loads(json.dumps(value, default=str)), _PLACE) for name, value in values.items()}
