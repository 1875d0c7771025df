"""`calls:` of a function's expectation: arguments, role, and what must come of it."""

import re

from nexiom_runner.errors import Fault
from nexiom_runner.project.keys import (
    TEXT,
    Faults,
    Form,
    Key,
    Table,
    expected,
    is_nothing,
    list_of,
    mapping_of,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.model import CallExpectation, Text
from nexiom_runner.project.names import width
from nexiom_runner.project.shapes import SHAPE
from nexiom_runner.tree import Mapping, Node, Scalar


def _read_call(key: Scalar, value: Node, where: str, faults: Faults) -> CallExpectation:
    values = read_table(value, CALL, where, faults)
    if values["raises"] is not None and values["result"] is not None:
        message = f'call "{where}" expects both a result and an error'
        faults.append(Fault(message, key.place, width=width(key), hint='Keep "result" or "raises".'))
    return CallExpectation(
        key.text,
        key.place,
        role=values["as"],
        arguments=dict(values["with"]),
        result=values["result"],
        raises=values["raises"],
        on=tuple(text.value for text in values["on"]),
    )


def _read_given(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[str, Node]:
    _check_value(value, where, faults)
    return key.text, value


def _check_value(value: Node, where: str, faults: Faults) -> None:
    """No value left out, and `$secret` alone in its mapping with the name of a secret."""
    if isinstance(value, Scalar):
        if is_nothing(value) and not value.text:
            faults.append(expected(value, where, "a value", "Write null where null is meant."))
        return
    if not isinstance(value, Mapping):
        for item in value.items:
            _check_value(item, where, faults)
        return
    for key, inner in value.entries:
        _check_value(inner, f"{where}.{key.text}", faults)
    secret = value.get("$secret")
    if secret is not None and (len(value.entries) > 1 or not isinstance(secret, Scalar)):
        faults.append(expected(value, where, "{$secret: NAME} and nothing beside it"))


def _read_raises(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is None or re.fullmatch("[0-9A-Z]{5}", text.value):
        return text
    hint = "See PostgreSQL's appendix A: 22023 is invalid_parameter_value, P0001 is a plain raise exception."
    if re.fullmatch("[0-9A-Za-z]{5}", text.value):
        hint = f"Write {text.value.upper()}."
    faults.append(expected(node, where, "a SQLSTATE of five digits or capitals", hint))
    return None


CALL = Table(
    (
        Key("as", TEXT, "The role that calls; without it, once as each role in `execute`."),
        Key(
            "with",
            mapping_of(_read_given, {}),
            "Arguments by name as JSON; {$secret: NAME} for a secret.",
            default=(),
        ),
        Key("result", SHAPE, "The shape of this call's result, instead of the function's."),
        Key(
            "raises",
            Form(_read_raises, {"type": ["string", "integer"]}),
            "The SQLSTATE with which the call must be refused.",
        ),
        Key("on", list_of(TEXT), "Protected targets on which a volatile function may be called.", default=()),
    )
)

CALLS = mapping_of(_read_call, table_schema(CALL))
