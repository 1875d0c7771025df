"""What must come of a call: its result or rows, the error, notices, rows changed, pages touched."""

import re
from typing import Any

from nexiom_runner.errors import Fault
from nexiom_runner.project.calling import Count, Raises, TableChange, Wording
from nexiom_runner.project.keys import (
    FLAG,
    Faults,
    Form,
    Key,
    Table,
    expected,
    mapping_of,
    read_table,
    read_text,
    table_schema,
)
from nexiom_runner.project.kinds.kind import read_name
from nexiom_runner.project.model import Text
from nexiom_runner.project.names import shown
from nexiom_runner.project.shapes import SHAPE
from nexiom_runner.shape import regex
from nexiom_runner.shape.model import Shape
from nexiom_runner.shape.terms import parse_count
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence

NONE = "none"
_COUNT_SCHEMA = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+\\.\\.[0-9]*$"}]}


def read_count(node: Node, where: str, faults: Faults) -> Count | None:
    """`3`, `1..5`, `1..`."""
    count = parse_count(node.text) if isinstance(node, Scalar) else None
    if count is None:
        faults.append(expected(node, where, "a number or a range", "Write 1, 0..5 or 1..."))
        return None
    return Count(*count, node.place)


def _read_rows(node: Node, where: str, faults: Faults) -> tuple[Count | None, Shape | None] | None:
    """How many, and the shape of each."""
    if isinstance(node, Mapping):
        values = read_table(node, ROWS, where, faults)
        return values["count"], values["each"]
    count = read_count(node, where, faults)
    return None if count is None else (count, None)


def _read_raises(node: Node, where: str, faults: Faults) -> Raises | None:
    if not isinstance(node, Mapping):
        code = _read_sqlstate(node, where, faults)
        return None if code is None else Raises(code.place, code.value)
    before = len(faults)
    values = read_table(node, RAISES, where, faults)
    code, message = values["sqlstate"], values["message"]
    if code is None and message is None:
        if len(faults) == before:
            faults.append(expected(node, where, '"sqlstate", "message" or both'))
        return None
    return Raises(node.place, code.value if code else None, message)


def _read_sqlstate(node: Node, where: str, faults: Faults) -> Text | None:
    text = read_text(node, where, faults)
    if text is None or re.fullmatch("[0-9A-Z]{5}", text.value):
        return text
    hint = "See PostgreSQL's appendix A: 22023 is invalid_parameter_value, P0001 is a plain raise exception."
    if re.fullmatch("[0-9A-Za-z]{5}", text.value):
        hint = f"Write {text.value.upper()}."
    faults.append(expected(node, where, "a SQLSTATE of five digits or capitals", hint))
    return None


def read_wording(node: Node, where: str, faults: Faults) -> Wording | None:
    """A message's text, or `~ regex`."""
    text = read_text(node, where, faults)
    if text is None or not text.value.startswith("~"):
        return None if text is None else Wording(text.value, text.place)
    pattern = text.value[1:].strip()
    refusal = regex.refusal(pattern)
    if refusal is not None:
        message = f'the regular expression in "{where}" {refusal.message}'
        faults.append(Fault(message, text.place, width=len(text.value), hint=refusal.hint))
        return None
    return Wording(pattern, text.place, is_pattern=True)


def _read_notices(node: Node, where: str, faults: Faults) -> tuple[Wording, ...] | None:
    if isinstance(node, Scalar) and node.plain and node.text == NONE:
        return ()
    if not isinstance(node, Sequence) or not node.items:
        hint = f"Write [{shown(node.text)}]." if isinstance(node, Scalar) and node.text else None
        faults.append(expected(node, where, "a list of messages, or none", hint))
        return None
    read = [read_wording(item, where, faults) for item in node.items]
    return tuple(one for one in read if one is not None)


def _read_changes(node: Node, where: str, faults: Faults) -> tuple[TableChange, ...] | None:
    if isinstance(node, Scalar) and node.plain and node.text == NONE:
        return ()
    if not isinstance(node, Mapping) or not node.entries:
        hint = "Write {messages: {inserted: 1}}."
        faults.append(expected(node, where, "a mapping of tables, or none", hint))
        return None
    changes: tuple[TableChange, ...] | None = _CHANGES.read(node, where, faults)
    return changes


def _read_change(key: Scalar, value: Node, where: str, faults: Faults) -> TableChange | None:
    name = read_name(key, where, faults)
    counts = {word: count for word, count in read_table(value, CHANGE, where, faults).items() if count is not None}
    return None if name is None else TableChange(*name, key.place, counts)


def _read_within(node: Node, where: str, faults: Faults) -> int | None:
    buffers = read_table(node, WITHIN, where, faults)["buffers"]
    return None if buffers is None else int(buffers.value)


def _read_buffers(node: Node, where: str, faults: Faults) -> Text | None:
    if isinstance(node, Scalar) and re.fullmatch("[1-9][0-9]{0,8}", node.text):
        return Text(node.text, node.place)
    faults.append(expected(node, where, "a number of pages", "Write it like 200."))
    return None


def check_outcome(values: dict[str, Any], key: Scalar, where: str, faults: Faults) -> None:
    """Faults for what cannot be so at once."""
    rows_of = values["rows"][1] if values["rows"] else None
    if values["raises"] is not None:
        other = next((word for word in ("result", "rows", "twice") if values[word]), None)
        if other is not None:
            said = "both a result and an error" if other == "result" else f'"{other}" and an error'
            message = f'call "{where}" expects {said}'
            faults.append(Fault(message, key.place, width=len(key.text), hint=f'Keep "{other}" or "raises".'))
    if values["result"] is not None and rows_of is not None:
        message = f'call "{where}" states the shape of its rows twice'
        hint = 'Keep "result", or "each" of "rows".'
        faults.append(Fault(message, key.place, width=len(key.text), hint=hint))


COUNT = Form(read_count, _COUNT_SCHEMA)
WORDING = Form(read_wording, {"type": ["string", "number", "boolean"]})
ROWS = Table(
    (
        Key("count", COUNT, "How many rows: 1, 1..5 or 0.. for any number."),
        Key("each", SHAPE, "The shape of each row."),
    )
)
RAISES = Table(
    (
        Key("sqlstate", Form(_read_sqlstate, {"type": ["string", "integer"]}), "The SQLSTATE."),
        Key("message", WORDING, "The message, or `~ regex`."),
    )
)
CHANGE = Table(tuple(Key(word, COUNT, f"Rows {word}: 1, 1..5 or 1...") for word in ("inserted", "updated", "deleted")))
WITHIN = Table(
    (
        Key(
            "buffers",
            Form(_read_buffers, {"type": "integer", "minimum": 1}),
            "Pages of tables and indexes touched, at most.",
            required=True,
        ),
    )
)
_CHANGES = mapping_of(_read_change, table_schema(CHANGE))

OUTCOME = (
    Key("result", SHAPE, "The shape of this call's result, instead of the function's."),
    Key(
        "rows",
        Form(_read_rows, {"anyOf": [*_COUNT_SCHEMA["anyOf"], table_schema(ROWS)]}),
        "How many rows a function that returns a set gives, and the shape of each.",
    ),
    Key(
        "raises",
        Form(_read_raises, {"anyOf": [{"type": ["string", "integer"]}, table_schema(RAISES)]}),
        "The error with which the call must be refused: a SQLSTATE, or {sqlstate, message}.",
    ),
    Key(
        "notices",
        Form(_read_notices, {"anyOf": [{"const": NONE}, {"type": "array", "items": WORDING.schema, "minItems": 1}]}),
        "The messages of notices and warnings in order, each a text or `~ regex`; or none.",
    ),
    Key(
        "changes",
        Form(_read_changes, {"anyOf": [{"const": NONE}, _CHANGES.schema]}),
        "Exactly these tables change by so many rows, {messages: {inserted: 1}}; or none.",
    ),
    Key("twice", FLAG, "A second call in the same transaction must change nothing and return what matches."),
    Key(
        "within",
        Form(_read_within, table_schema(WITHIN)),
        "What it may cost: {buffers: 200}, pages of tables and indexes touched.",
    ),
)
