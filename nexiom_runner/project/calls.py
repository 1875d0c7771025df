"""`calls:` of a function's expectation: who calls with what, what is there before, and what must come of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nexiom_runner.errors import Fault
from nexiom_runner.project.arguments import check_value, read_argument
from nexiom_runner.project.callers import CALLER
from nexiom_runner.project.calling import User
from nexiom_runner.project.fixtures import GIVEN
from nexiom_runner.project.keys import (
    FLAG,
    TEXT,
    Faults,
    Form,
    Key,
    Table,
    choice,
    expected,
    list_of,
    mapping_of,
    read_table,
    table_schema,
)
from nexiom_runner.project.model import CallExpectation, Text
from nexiom_runner.project.names import shown, width
from nexiom_runner.project.outcomes import OUTCOME, check_outcome
from nexiom_runner.shape.model import Array
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence

SESSIONS = (2, 16)


def _read_call(key: Scalar, value: Node, where: str, faults: Faults) -> CallExpectation:
    values = read_table(value, CALL, where, faults)
    check_outcome(values, key, where, faults)
    if values["as"] is not None and values["matrix"]:
        message = f'call "{where}" has both "as" and "matrix"'
        faults.append(Fault(message, key.place, width=width(key), hint="The matrix names who calls."))
    call = _with_outcome(
        CallExpectation(
            key.text,
            key.place,
            arguments=dict(values["with"]),
            given=values["given"],
            only=values["only"] is not None and values["only"].value,
            skip=values["skip"].value if values["skip"] else None,
            on=tuple(text.value for text in values["on"]),
            commits=values["commit"] is not None,
            sessions=values["sessions"] or 1,
        ),
        values,
    )
    _check_sessions(call, key, where, faults)
    return replace(_called_by(call, values["as"]), each=tuple(_each(call, values)))


def _check_sessions(call: CallExpectation, key: Scalar, where: str, faults: Faults) -> None:
    if call.sessions > 1 and not call.commits:
        message = f'call "{where}" is made in {call.sessions} sessions, which see one another only once they commit'
        faults.append(Fault(message, key.place, width=width(key), hint="Add commit: clone."))
    elif call.sessions > 1 and call.twice:
        message = f'call "{where}" says both "twice" and "sessions"'
        faults.append(Fault(message, key.place, width=width(key), hint="Write two calls."))


def _read_sessions(node: Node, where: str, faults: Faults) -> int | None:
    if isinstance(node, Scalar) and node.text.isdecimal() and SESSIONS[0] <= int(node.text) <= SESSIONS[1]:
        return int(node.text)
    faults.append(expected(node, where, f"a number of sessions from {SESSIONS[0]} to {SESSIONS[1]}"))
    return None


def _called_by(call: CallExpectation, caller: Text | User | None) -> CallExpectation:
    return replace(call, user=caller) if isinstance(caller, User) else replace(call, role=caller)


def _each(call: CallExpectation, values: dict[str, Any]) -> Iterator[CallExpectation]:
    """The cases of a call, each as every user of its matrix."""
    for case in values["cases"] or (None,):
        one = _called_by(call if case is None else _merged(call, *case), values["as"])
        part = replace(one, part_of=call.name)
        if case is not None and not values["matrix"]:
            yield part
        for name, cell in values["matrix"]:
            yield replace(_with_outcome(part, cell), role=name, place=name.place, in_matrix=True)


def _merged(call: CallExpectation, key: Scalar, arguments: dict[str, Node], said: dict[str, Any]) -> CallExpectation:
    """A case: its arguments over those of the call."""
    one = replace(call, name=f"{call.name}: {key.text}", place=key.place, arguments={**call.arguments, **arguments})
    return _with_outcome(one, said)


def _with_outcome(call: CallExpectation, values: dict[str, Any]) -> CallExpectation:
    """The call with what is stated to come of it; an error and a result take each other's place."""
    stated = {word: values[word] for word in ("notices", "changes") if values.get(word) is not None}
    if values.get("twice") is not None:
        stated["twice"] = values["twice"].value
    if values.get("within") is not None:
        stated["buffers"] = values["within"]
    if values.get("raises") is not None:
        return replace(call, **{**stated, "raises": values["raises"], "result": None, "rows": None, "twice": False})
    count, each = values.get("rows") or (None, None)
    result = values.get("result") or (None if each is None else Array(each, place=each.place))
    if result is not None or count is not None:
        stated["raises"] = None
        stated["result"] = result or call.result
        stated["rows"] = count
    return replace(call, **stated)


def _read_cell(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[Text, dict[str, Any]]:
    values = read_table(value, CELL, where, faults)
    check_outcome(values, key, where, faults)
    return Text(key.text, key.place), values


Case = tuple[Scalar, dict[str, Node], dict[str, Any]]


def _read_cases(node: Node, where: str, faults: Faults) -> tuple[Case, ...] | None:
    """A mapping of cases by name, or a list, whose cases are called by their arguments."""
    if isinstance(node, Mapping) and node.entries:
        cases = [_read_case(key, value, f"{where}.{key.text}", faults) for key, value in node.entries]
    elif isinstance(node, Sequence) and node.items:
        cases = [_read_case(_named(item), item, where, faults) for item in node.items]
        _refuse_same(cases, where, faults)
    else:
        faults.append(expected(node, where, "a mapping of cases by name, or a list of cases"))
        return None
    return tuple(cases)


def _read_case(key: Scalar, value: Node, where: str, faults: Faults) -> Case:
    if not isinstance(value, Mapping):
        faults.append(expected(value, where, "a mapping of arguments"))
        return key, {}, {}
    arguments, stated = {}, []
    for name, inner in value.entries:
        if _is_directive(name):
            stated.append((Scalar(name.text[1:], name.place, name.plain), inner))
        else:
            check_value(inner, f"{where}.{name.text}", faults)
            arguments[name.text] = inner
    said = read_table(Mapping(tuple(stated), value.place), CASE, where, faults)
    check_outcome({**dict.fromkeys(("twice",)), **said}, key, where, faults)
    return key, arguments, said


def _named(item: Node) -> Scalar:
    """A name for a case that has none: its arguments, `p_limit=-1`."""
    if not isinstance(item, Mapping):
        return Scalar("", item.place)
    given = [f"{key.text}={_written(value)}" for key, value in item.entries if not key.text.startswith("$")]
    return Scalar(", ".join(given) or "nothing", item.place)


def _written(node: Node) -> str:
    """A value as it is written, in flow style."""
    if isinstance(node, Scalar):
        return shown(node.text)
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_written, node.items))}]"
    return "{" + ", ".join(f"{key.text}: {_written(value)}" for key, value in node.entries) + "}"


def _refuse_same(cases: list[Case], where: str, faults: Faults) -> None:
    seen = set()
    for key, _, _ in cases:
        if key.text in seen:
            hint = "Keep one of them, or give the cases names: {NAME: {ARGUMENT: VALUE}}."
            faults.append(Fault(f'two cases in "{where}" are {key.text}', key.place, hint=hint))
        seen.add(key.text)


def given_arguments(body: Node) -> Iterator[tuple[str, Scalar]]:
    """The names of the arguments that a call gives, each with the key under which it does: `with` or `cases`."""
    for word in ("with", "cases"):
        given = body.get(word) if isinstance(body, Mapping) else None
        rows: tuple[Node, ...] = given.items if isinstance(given, Sequence) else ()
        if isinstance(given, Mapping):
            rows = (given,) if word == "with" else tuple(value for _, value in given.entries)
        for row in rows:
            names = (key for key, _ in row.entries) if isinstance(row, Mapping) else iter(())
            yield from ((word, name) for name in names if word == "with" or not _is_directive(name))


def _is_directive(name: Scalar) -> bool:
    return name.text.startswith("$") and not name.text[1:].isdigit()


CELL = Table(OUTCOME)
CASE = Table(tuple(key for key in OUTCOME if key.name in ("result", "rows", "raises", "notices", "changes")))
_CASE_SCHEMA = {
    "type": "object",
    "properties": {f"${key.name}": {"description": key.about, **key.form.schema} for key in CASE.keys},
    "additionalProperties": {},
}

CALL = Table(
    (
        Key(
            "as", CALLER, "The role or user that calls, or {role, claims}; without it, once as each role in `execute`."
        ),
        Key("given", GIVEN, "What is there before: files of fixtures/, rows by table.", default=()),
        Key(
            "with",
            mapping_of(read_argument, {}),
            "Arguments by name as JSON; {$secret: NAME} for a secret, {$ago: 2 hours} or {$ahead: …} for a time.",
            default=(),
        ),
        Key(
            "cases",
            Form(
                _read_cases,
                {
                    "anyOf": [
                        {"type": "object", "additionalProperties": _CASE_SCHEMA},
                        {"type": "array", "items": _CASE_SCHEMA, "minItems": 1},
                    ]
                },
            ),
            "Arguments of several calls, each a check of its own, by name or as a list; $result, $rows, $raises, "
            "$notices and $changes say what must come of one.",
            default=(),
        ),
        *OUTCOME,
        Key(
            "matrix",
            mapping_of(_read_cell, table_schema(CELL)),
            "Who calls, and what must come of it for each: a role or user by name.",
            default=(),
        ),
        Key("commit", choice("clone"), "clone: it commits, on a copy of the database that is thrown away."),
        Key(
            "sessions",
            Form(_read_sessions, {"type": "integer", "minimum": SESSIONS[0], "maximum": SESSIONS[1]}),
            "How many sessions call at once: each begins before any other commits. `changes` is their sum.",
        ),
        Key("only", FLAG, "Call this alone and leave every other test out; it passes as WARN."),
        Key("skip", TEXT, "Why it is not called; it counts as not looked at."),
        Key("on", list_of(TEXT), "Protected targets on which a volatile function may be called.", default=()),
    )
)

CALLS = mapping_of(_read_call, table_schema(CALL))
