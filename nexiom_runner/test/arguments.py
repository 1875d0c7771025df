"""Values of a call as the one JSON document they travel in; secrets go in last and are never shown."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from nexiom_runner.errors import Place
from nexiom_runner.project.arguments import SECRET, directive
from nexiom_runner.render.secrets import Secrets, opaque
from nexiom_runner.shape.json import Json, dumps
from nexiom_runner.tree import Mapping as Keys
from nexiom_runner.tree import Node, Scalar, Sequence

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
CONSTANTS = ("true", "false", "null")
TEXT = ""

Part = tuple[str, str]  # JSON text under TEXT, or an interval under $ago or $ahead: a time that the server writes


def document(arguments: Mapping[str, Node], secrets: Secrets) -> tuple[Part, ...]:
    """The JSON text in parts, of which those that are times are the server's to write.

    Unquoted true, false, null and numbers are those, all else is text. A secret that is not among `secrets` raises
    KeyError with its name.
    """
    return _joined(_mapping(((key, node) for key, node in arguments.items()), secrets))


def row_document(row: Keys, secrets: Secrets) -> tuple[Part, ...]:
    """As `document`, of a row."""
    return _joined(_json(row, secrets))


def shown_document(arguments: Mapping[str, Node]) -> str:
    """The JSON text with every secret as ‹secret:NAME› and a time as it is written: {"$ago": "2 hours"}."""
    secrets = {name: opaque(name) for node in arguments.values() for name in _secrets(node)}
    parts = document(arguments, secrets)
    return "".join(text if kind == TEXT else json.dumps({kind: text}) for kind, text in parts)


def as_written(value: Json, place: Place) -> Node:
    """A value of JSON as the YAML of a call has it; its text is never a number."""
    match value:
        case dict():
            return Keys(tuple((Scalar(key, place), as_written(each, place)) for key, each in value.items()), place)
        case list():
            return Sequence(tuple(as_written(each, place) for each in value), place)
        case str():
            return Scalar(value, place, plain=False)
        case _:
            return Scalar(dumps(value), place)


def _joined(parts: Iterator[Part]) -> tuple[Part, ...]:
    """Text beside text is one part."""
    made: list[Part] = []
    for kind, group in groupby(parts, key=lambda part: part[0]):
        texts = [text for _, text in group]
        made.extend([(kind, "".join(texts))] if kind == TEXT else [(kind, text) for text in texts])
    return tuple(made)


def _json(node: Node, secrets: Secrets) -> Iterator[Part]:
    if isinstance(node, Scalar):
        yield TEXT, node.text if node.plain and _is_json(node.text) else json.dumps(node.text)
        return
    if not isinstance(node, Keys):
        yield from _listed(node.items, secrets)
        return
    found = directive(node)
    if found is None:
        yield from _mapping(((key.text, value) for key, value in node.entries), secrets)
    elif found[0] == SECRET:
        yield TEXT, json.dumps(_secret(found[1].text, secrets))
    else:
        yield found[0], found[1].text


def _listed(items: tuple[Node, ...], secrets: Secrets) -> Iterator[Part]:
    for number, item in enumerate(items):
        yield TEXT, ", " if number else "["
        yield from _json(item, secrets)
    yield TEXT, "]" if items else "[]"


def _mapping(entries: Iterator[tuple[str, Node]], secrets: Secrets) -> Iterator[Part]:
    opening = "{"
    for key, node in entries:
        yield TEXT, f"{opening}{json.dumps(key)}: "
        yield from _json(node, secrets)
        opening = ", "
    yield TEXT, "}" if opening == ", " else "{}"


def _secret(name: str, secrets: Secrets) -> str:
    value = secrets.get(name)
    if value is None:
        raise KeyError(name)
    return value


def _is_json(text: str) -> bool:
    return text in CONSTANTS or NUMBER.match(text) is not None


def _secrets(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return []
    if not isinstance(node, Keys):
        return [name for item in node.items for name in _secrets(item)]
    found = directive(node)
    if found is not None:
        return [found[1].text] if found[0] == SECRET else []
    return [name for _, value in node.entries for name in _secrets(value)]
