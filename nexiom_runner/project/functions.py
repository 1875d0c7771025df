"""`expect: functions:` of phase.yml: what must be so of a function, overload by overload."""

import re

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.calls import CALLS, given_arguments
from nexiom_runner.project.grammar import NotUnderstood, is_balanced, parse_argument
from nexiom_runner.project.keys import (
    DAY,
    FLAG,
    TEXT,
    Faults,
    Form,
    Key,
    Table,
    choice,
    expected,
    list_of,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.kinds.forms import ABSENT, PRESENT, role_name
from nexiom_runner.project.kinds.functions import FUNCTION_KEYS
from nexiom_runner.project.kinds.kind import read_name, refuse_same_object, said_in
from nexiom_runner.project.model import ArgumentExpectation, FunctionExpectation, Text
from nexiom_runner.project.names import unknown, width
from nexiom_runner.project.shapes import SHAPE
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence


def _read_functions(node: Node, where: str, faults: Faults) -> tuple[FunctionExpectation, ...] | None:
    if not isinstance(node, Mapping):
        faults.append(expected(node, where, "a mapping of functions by name"))
        return None
    functions: list[FunctionExpectation] = []
    names = []
    for key, value in node.entries:
        name = read_name(key, f"{where}.{key.text}", faults)
        if name is not None:
            names.append((*name, key))
            functions.extend(_read_overloads(name, key, value, f"{where}.{key.text}", faults))
    refuse_same_object("function", names, faults)
    return tuple(functions)


def _read_overloads(
    name: tuple[str, str], key: Scalar, value: Node, where: str, faults: Faults
) -> list[FunctionExpectation]:
    if isinstance(value, Scalar):
        if value.text not in (PRESENT, ABSENT):
            faults.append(expected(value, where, "`present`, a mapping, or a list of mappings (one an overload)"))
        return [FunctionExpectation(*name, key.place, absent=value.text == ABSENT)]
    if isinstance(value, Mapping):
        return [_read_one(name, value, key, where, faults)]
    read = [_read_one(name, item, Scalar(key.text, item.place), where, faults) for item in value.items]
    _check_overloads(read, value, where, faults)
    return read


def _check_overloads(read: list[FunctionExpectation], node: Sequence, where: str, faults: Faults) -> None:
    seen: dict[tuple[str, ...], FunctionExpectation] = {}
    for function, item in zip(read, node.items, strict=True):
        if function.arguments is None:
            if isinstance(item, Mapping) and item.get("arguments") is None:
                hint = "Write `arguments: {}` for the one that takes none."
                faults.append(Fault(f'overload of "{where}" states no "arguments"', item.place, hint=hint))
            continue
        types = tuple(argument.type for argument in function.arguments if argument.mode != "out")
        first = seen.setdefault(types, function)
        if first is not function:
            message = f'two overloads of "{where}" have the arguments ({", ".join(types)})'
            detail = f"The first is at {first.place}."
            faults.append(Fault(message, item.place, detail=detail, hint="Keep one of them."))


def _read_one(name: tuple[str, str], value: Node, key: Scalar, where: str, faults: Faults) -> FunctionExpectation:
    values = read_table(value, FUNCTION, where, faults)
    execute = values["execute"]
    function = FunctionExpectation(
        *name,
        key.place,
        arguments=values["arguments"],
        arguments_place=_place_of(value, "arguments"),
        returns=values["returns"],
        language=values["language"],
        volatility=values["volatility"],
        security=values["security"],
        strict=values["strict"],
        search_path=values["search_path"],
        execute=None if execute is None else tuple(Text(role_name(role.value), role.place) for role in execute),
        execute_place=_place_of(value, "execute"),
        reason=values["reason"],
        result=values["result"],
        calls=values["calls"],
        said=said_in(values, value, FUNCTION_KEYS),
        accepted_by=values["accepted_by"],
        until=values["until"],
    )
    _check_acceptance(function, where, faults)
    _check_given(function, value, where, faults)
    return function


def _place_of(value: Node, key: str) -> Place | None:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found.place if found is not None else None


def _check_acceptance(function: FunctionExpectation, where: str, faults: Faults) -> None:
    """A last day is of somebody's acceptance."""
    if function.until is not None and function.accepted_by is None:
        message = f'key "{where}.until" has no "accepted_by" beside it'
        faults.append(Fault(message, function.until.place, width=len(function.until.value), hint="Say who accepts it."))


def _check_given(function: FunctionExpectation, value: Node, where: str, faults: Faults) -> None:
    """Every argument a call gives must be one that the function is said to take."""
    calls = value.get("calls") if isinstance(value, Mapping) else None
    if function.arguments is None or not isinstance(calls, Mapping):
        return
    taken = [
        argument.name or f"${position}"
        for position, argument in enumerate(function.arguments, 1)
        if argument.mode != "out"
    ]
    for call, body in calls.entries:
        for word, key in given_arguments(body):
            if key.text not in taken:
                faults.append(unknown("argument", key, taken, f'in "{where}.calls.{call.text}.{word}"'))


def _read_arguments(node: Node, where: str, faults: Faults) -> tuple[ArgumentExpectation, ...] | None:
    if not isinstance(node, Mapping):
        hint = "Write {p_limit: integer = 100}, {$1: text} for one without a name, {} for none."
        faults.append(expected(node, where, "a mapping of arguments by name", hint))
        return None
    read = [
        _read_argument(position, key, value, f"{where}.{key.text}", faults)
        for position, (key, value) in enumerate(node.entries, 1)
    ]
    arguments = tuple(argument for argument in read if argument is not None)
    return arguments if len(arguments) == len(read) else None


def _read_argument(position: int, key: Scalar, value: Node, where: str, faults: Faults) -> ArgumentExpectation | None:
    text = read_text(value, where, faults)
    if text is None:
        return None
    unnamed = re.fullmatch(r"\$([0-9]+)", key.text)
    if unnamed is not None and int(unnamed[1]) != position:
        message = f'argument "{key.text}" stands at position {position}'
        faults.append(Fault(message, key.place, width=width(key), hint=f"Write ${position}."))
    try:
        argument = parse_argument(text.value)
    except NotUnderstood as problem:
        faults.append(expected(value, where, str(problem), problem.hint))
        return None
    name = "" if unnamed else key.text
    return ArgumentExpectation(name, argument.mode, argument.type, argument.default, key.place)


def _read_returns(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is not None and not is_balanced(text.value):
        faults.append(expected(node, where, "a type, or table(id uuid, n bigint), with brackets that match"))
        return None
    return text


def _read_search_path(node: Node, where: str, faults: Faults) -> Text | None:
    if isinstance(node, Scalar) and not node.plain:
        return Text(node.text, node.place)
    if isinstance(node, Scalar) and not node.text:
        faults.append(expected(node, where, "a text", 'Write "" for the empty path.'))
        return None
    return read_text(node, where, faults)


FUNCTION = Table(
    (
        Key(
            "arguments",
            Form(_read_arguments, {"type": "object", "additionalProperties": TEXT.schema}),
            "All arguments in order: p_limit: integer = 100, $1: text, variadic uuid[], out bigint.",
        ),
        Key("returns", Form(_read_returns, {"type": "string"}), "The return type, or table(id uuid, n bigint)."),
        Key("language", TEXT, "sql, plpgsql, …"),
        Key("volatility", choice("immutable", "stable", "volatile"), "As the catalog marks it."),
        Key("security", choice("definer", "invoker"), "Whose rights it runs with."),
        Key("strict", FLAG, "Whether it returns null, unasked, when an argument is null."),
        Key("search_path", Form(_read_search_path, {"type": "string"}), 'Its own search_path; "" is the empty one.'),
        Key("execute", list_of(TEXT), "Exactly these roles may execute it; the owner and superusers left out."),
        Key("reason", TEXT, "Why these roles may."),
        Key("accepted_by", TEXT, "Who accepted that it reaches what is marked `sensitive`."),
        Key("until", DAY, "The last day on which that is accepted (YYYY-MM-DD, UTC)."),
        *FUNCTION_KEYS.keys,
        Key("result", SHAPE, "The shape of the JSON it returns."),
        Key("calls", CALLS, "Calls by name, and what must come of each.", default=()),
    )
)

_ONE = table_schema(FUNCTION)
FUNCTIONS = Form(
    _read_functions,
    {
        "type": "object",
        "additionalProperties": {"anyOf": [{"enum": [PRESENT, ABSENT]}, _ONE, {"type": "array", "items": _ONE}]},
    },
)
