"""One call by name, arguments and role, as PostgREST makes it and commits it; no expectation is involved."""

import json
from collections.abc import Mapping
from typing import Any

from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, Place, UsageError
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.in_force import CallInForce, ObjectKey
from nexiom_runner.project.model import CallExpectation, Text
from nexiom_runner.test.prepare import Unready, prepare
from nexiom_runner.tree import Mapping as Keys
from nexiom_runner.tree import Node, Scalar, Sequence

_PLACE = Place("-", 1)


def call_by_hand(
    session: Session,
    function: str,
    arguments: Mapping[str, Any],
    role: str | None = None,
    claims: Mapping[str, Any] | None = None,
) -> str | None:
    """The JSON text that the function returned, or None; what it did is committed.

    Raises UsageError where no function or role is so called, ServerError with what the function raised.
    """
    wanted = _wanted(function, arguments, role)
    prepared = prepare(session, [wanted], [role] if role else [], {})
    ready, become = prepared.calls[0], prepared.roles[role] if role else None
    for problem in (ready, become.refusal if become else None):
        if isinstance(problem, Unready):
            raise UsageError(Fault(problem.message, hint=problem.fix))
    assert not isinstance(ready, Unready)
    token = session.written(load(__file__, "claims.sql").compose(claims=Literal(_token(role, claims)))) if claims else ""
    before = [part for part in (token, become.statement if become else "") if part]
    begin = "begin read only" if ready.read_only else "begin"
    answers = session.send(";\n".join([begin, *before, ready.statement, "commit"]))
    return answers[1 + len(before)].rows[0][0]
