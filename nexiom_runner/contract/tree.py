"""What is to stand in a YAML file, and how it is written where nothing stood before."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from nexiom_runner.errors import Place


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping in the order to write it. Other keys that stand there stay, unless it is `closed`."""

    entries: Mapping[str, "Tree"]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """Changes to the items of a list by their position, and items to add."""

    changed: Mapping[int, Fields] = field(default_factory=dict)
    added: tuple[Fields, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """What stands there is right."""


@dataclass(frozen=True, slots=True)
class Drop:
    """What stands there is to go."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A list whose order counts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A value as YAML has it on one line."""

    text: str


Tree = Fields | Items | Ordered | Written | tuple[str, ...] | str | Keep | Drop
Right = Collection[tuple[Place, str]]  # places of expectations and their attributes that an audit found to be so

_WORDS = frozenset({"", "null", "~", "true", "false"})
_PLAIN = re.compile(r"[A-Za-z_$(][^\n\t]*|-?[0-9]+(?:\.[0-9]+)?[a-z]*")


def in_block(tree: Tree, indent: int) -> str:
    """A value behind `key:`: on its line, or on lines of its own at `indent` spaces."""
    if isinstance(tree, Fields) and tree.entries:
        return "".join(f"\n{line}" for line in _lines(tree, indent))
    if isinstance(tree, Items):
        return "".join(f"\n{item_in_block(one, indent)}" for one in tree.added)
    return f" {in_flow(tree, within=False)}"


def item_in_block(fields: Fields, indent: int) -> str:
    """An item of a list, its dash at `indent` spaces."""
    lines = _lines(fields, indent + 2)
    return "\n".join([f"{' ' * indent}- {lines[0].lstrip()}", *lines[1:]])


def in_flow(tree: Tree, *, within: bool = True) -> str:
    """A value on one line; `within` brackets, where commas and brackets in a text must be quoted."""
    if isinstance(tree, Fields):
        written = (f"{scalar(key)}: {in_flow(value)}" for key, value in tree.entries.items() if _is_there(value))
        return "{" + ", ".join(written) + "}"
    if isinstance(tree, Written):
        return tree.text
    if isinstance(tree, Items):
        return "[" + ", ".join(in_flow(one) for one in tree.added) + "]"
    if isinstance(tree, Ordered):
        tree = tree.items
    if isinstance(tree, tuple):
        return "[" + ", ".join(scalar(text) for text in tree) + "]"
    return scalar(tree, within=within) if isinstance(tree, str) else ""


def scalar(text: str, *, within: bool = True) -> str:
    """A text that reads back as it is, without quotes where it can; `true` and `false` are written bare."""
    if text in ("true", "false") or (_PLAIN.fullmatch(text) and _needs_no_quotes(text, within)):
        return text
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _needs_no_quotes(text: str, within: bool) -> bool:
    if text.lower() in _WORDS or text != text.strip() or text.endswith(":"):
        return False
    special = (": ", " #", *(",[]{}" if within else ""))
    return not any(mark in text for mark in special)


def _lines(fields: Fields, indent: int) -> list[str]:
    written = (
        f"{' ' * indent}{scalar(key)}:{in_block(value, indent + 2)}"
        for key, value in fields.entries.items()
        if _is_there(value)
    )
    return [line for entry in written for line in entry.split("\n")]


def _is_there(tree: Tree) -> bool:
    return not isinstance(tree, Keep | Drop)
