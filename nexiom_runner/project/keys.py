"""Configuration as tables of keys: how each is read, what it is when absent, what an editor's schema says of it.

A form reads one value and knows its JSON Schema; a table is a mapping of named forms. Every reader adds its faults
and goes on, so that all of a file's are reported at once.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from nexiom_runner.errors import Fault
from nexiom_runner.project.model import Flag, Text
from nexiom_runner.project.names import did_you_mean, nearest, shown, unknown, width
from nexiom_runner.tree import Mapping, Node, Scalar
from nexiom_runner.tree import Sequence as List

Faults = list[Fault]
Read = Callable[[Node, str, Faults], Any]
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is read (None where it is wrong) and its JSON Schema."""

    read: Read
    schema: Schema


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. `about` is what an editor shows."""

    name: str
    form: Form
    about: str
    default: Any = None
    required: bool = False


@dataclass(frozen=True)
class Table:
    """The keys a mapping may have; `later` are known words that this version does not read, with what to say."""

    keys: tuple[Key, ...]
    later: AnyMapping[str, str] = field(default_factory=dict)

    @cached_property
    def forms(self) -> dict[str, Form]:
        """The form of each key by its name."""
        return {key.name: key.form for key in self.keys}

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What each key is where it is absent."""
        return {key.name: key.default for key in self.keys}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Keys that must be there."""
        return tuple(key.name for key in self.keys if key.required)


def read_table(node: Node, table: Table, where: str, faults: Faults) -> dict[str, Any]:
    """Every key's value, the default where it is absent or wrong; `where` names the mapping, "" the file."""
    values = dict(table.defaults)
    if not isinstance(node, Mapping):
        faults.append(expected(node, where, "a mapping"))
        return values
    prefix = f"{where}." if where else ""
    for key, value in node.entries:
        form = table.forms.get(key.text)
        if form is None:
            faults.append(_unknown_key(key, table, where))
            continue
        read = form.read(value, prefix + key.text, faults)
        if read is not None:
            values[key.text] = read
    faults.extend(_missing(node, table, where))
    return values


def expected(node: Node, where: str, what: str, hint: str | None = None) -> Fault:
    """The fault of a value that is not `what`."""
    name = f'key "{where}"' if where else f'"{node.place.path}"'
    marked = width(node) if isinstance(node, Scalar) else 1
    return Fault(f"{name} expects {what}, found {found(node)}", node.place, width=marked, hint=hint)


def found(node: Node) -> str:
    """A value in words."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, List):
        return "a list"
    if node.plain and is_nothing(node):
        return node.text or "nothing"
    return f'"{shown(node.text)}"'


def is_nothing(node: Node) -> bool:
    """Whether this is YAML's null, or no value at all."""
    return isinstance(node, Scalar) and node.plain and node.text in ("", "null", "~", "Null", "NULL")


def read_text(node: Node, where: str, faults: Faults) -> Text | None:
    """Text as it was written, whatever a loader would make of it; not nothing, and not null."""
    if isinstance(node, Scalar) and not is_nothing(node):
        return Text(node.text, node.place)
    hint = "Quote it where the word itself is meant." if isinstance(node, Scalar) and node.text else None
    faults.append(expected(node, where, "a text", hint))
    return None


def read_flag(node: Node, where: str, faults: Faults) -> Flag | None:
    """`true` or `false`, unquoted."""
    if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
        return Flag(node.text == "true", node.place)
    hint = None
    if isinstance(node, Scalar) and node.text.lower() in _SAME:
        hint = f"Write {_SAME[node.text.lower()]}, without quotes."
    faults.append(expected(node, where, "true or false", hint))
    return None


def read_day(node: Node, where: str, faults: Faults) -> Text | None:
    """A day as YYYY-MM-DD."""
    text = read_text(node, where, faults)
    if text is None:
        return None
    try:
        is_day = len(text.value) == len("2027-06-30") and bool(date.fromisoformat(text.value))
    except ValueError:
        is_day = False
    if not is_day:
        faults.append(expected(node, where, "a day as YYYY-MM-DD"))
        return None
    return text


TEXT = Form(read_text, {"type": ["string", "number", "boolean"]})
FLAG = Form(read_flag, {"type": "boolean"})
DAY = Form(read_day, {"type": "string", "format": "date"})


def choice(*words: str) -> Form:
    """One of these words."""

    def read(node: Node, where: str, faults: Faults) -> Text | None:
        if isinstance(node, Scalar) and node.text in words:
            return Text(node.text, node.place)
        hint = did_you_mean(node.text, words) if isinstance(node, Scalar) else None
        faults.append(expected(node, where, _or(words), hint))
        return None

    return Form(read, {"enum": list(words)})


def matching(pattern: str, what: str) -> Form:
    """A text that the whole of `pattern` (Python's and JSON Schema's alike) matches."""
    compiled = re.compile(pattern)

    def read(node: Node, where: str, faults: Faults) -> Text | None:
        text = read_text(node, where, faults)
        if text is not None and not compiled.fullmatch(text.value):
            faults.append(expected(node, where, what))
            return None
        return text

    return Form(read, {"type": ["string", "number"], "pattern": f"^(?:{pattern})$"})


IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*"
VARIABLE = matching(IDENTIFIER, "the name of an environment variable (letters, digits, underscores)")


def number(least: int, most: int) -> Form:
    """A whole number from `least` to `most`, read as one."""

    def read(node: Node, where: str, faults: Faults) -> int | None:
        text = read_text(node, where, faults)
        if text is None:
            return None
        if not re.fullmatch("[0-9]{1,16}", text.value) or not least <= int(text.value) <= most:
            faults.append(expected(node, where, f"a number from {least} to {most}"))
            return None
        return int(text.value)

    return Form(read, {"type": "integer", "minimum": least, "maximum": most})


def list_of(form: Form, *, least: int = 0) -> Form:
    """A list whose items have one form and are all different; read as a tuple."""

    def read(node: Node, where: str, faults: Faults) -> tuple[Any, ...] | None:
        if not isinstance(node, List):
            hint = f"Write [{shown(node.text)}]." if isinstance(node, Scalar) and node.text else None
            faults.append(expected(node, where, "a list", hint))
            return None
        if len(node.items) < least:
            faults.append(Fault(f'key "{where}" expects at least {least} item, found none', node.place))
        items = [form.read(item, where, faults) for item in node.items]
        _refuse_repeats(node.items, where, faults)
        return tuple(item for item in items if item is not None)

    return Form(read, {"type": "array", "items": form.schema, "uniqueItems": True, "minItems": least})


def mapping_of(read_entry: Callable[[Scalar, Node, str, Faults], Any], schema: Schema) -> Form:
    """A mapping whose keys the user names; read as a tuple of what `read_entry` makes of each."""

    def read(node: Node, where: str, faults: Faults) -> tuple[Any, ...] | None:
        if not isinstance(node, Mapping):
            hint = "Write {} where there is none." if is_nothing(node) else None
            faults.append(expected(node, where, "a mapping", hint))
            return None
        entries = [read_entry(key, value, f"{where}.{key.text}", faults) for key, value in node.entries]
        return tuple(entry for entry in entries if entry is not None)

    return Form(read, {"type": "object", "additionalProperties": schema})


def table_schema(table: Table) -> Schema:
    """The JSON Schema of a mapping with the keys of a table."""
    schema: Schema = {
        "type": "object",
        "properties": {key.name: {"description": key.about, **key.form.schema} for key in table.keys},
        "additionalProperties": False,
    }
    if table.required:
        schema["required"] = list(table.required)
    return schema


_SAME = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def _unknown_key(key: Scalar, table: Table, where: str) -> Fault:
    if key.text in table.later:
        message = f'key "{key.text}" is not read by this version of nexiom'
        return Fault(message, key.place, width=width(key), hint=table.later[key.text])
    return unknown("key", key, table.forms, f'in "{where or key.place.path}"')


def _missing(node: Mapping, table: Table, where: str) -> Iterable[Fault]:
    """Required keys that are not there, unless one that is there is a slip of theirs: that is told already."""
    if not table.required:
        return
    there = {key.text for key, _ in node.entries}
    empty = f"{node.place.path} is empty: write {table.required[0]}: … into it."
    hint = None if where or there else empty
    for name in table.required:
        if name not in there and not any(nearest(other, (name,)) for other in there - table.forms.keys()):
            yield Fault(f'key "{name}" is missing in "{where or node.place.path}"', node.place, hint=hint)


def _refuse_repeats(items: Sequence[Node], where: str, faults: Faults) -> None:
    seen = set()
    for item in items:
        if isinstance(item, Scalar):
            if item.text in seen:
                message = f'"{shown(item.text)}" stands twice in "{where}"'
                faults.append(Fault(message, item.place, width=width(item), hint="Keep one of them."))
            seen.add(item.text)


def _or(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
