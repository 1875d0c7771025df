"""The arguments of a call as the one JSON document they travel in; secrets go in last and are never shown."""

import json
import re
from collections.abc import Mapping

from nexiom_runner.render.secrets import Secrets, opaque
from nexiom_runner.tree import Mapping as Keys
from nexiom_runner.tree import Node, Scalar

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")
CONSTANTS = ("true", "false", "null")


def document(arguments: Mapping[str, Node], secrets: Secrets) -> str:
    """The JSON text; unquoted true, false, null and numbers are those, all else is text. A secret that is
    not among `secrets` raises KeyError with its name."""
    return "{" + ", ".join(f"{json.dumps(key)}: {_json(node, secrets)}" for key, node in arguments.items()) + "}"


def shown_document(arguments: Mapping[str, Node]) -> str:
    """The JSON text with every secret as ‹secret:NAME›."""
    return document(arguments, {name: opaque(name) for node in arguments.values() for name in _secrets(node)})


def _json(node: Node, secrets: Secrets) -> str:
    if isinstance(node, Scalar):
        return node.text if node.plain and _is_json(node.text) else json.dumps(node.text)
    if not isinstance(node, Keys):
        return "[" + ", ".join(_json(item, secrets) for item in node.items) + "]"
    secret = node.get("$secret")
    if isinstance(secret, Scalar):
        value = secrets.get(secret.text)
        if value is None:
            raise KeyError(secret.text)
        return json.dumps(value)
    return "{" + ", ".join(f"{json.dumps(key.text)}: {_json(value, secrets)}" for key, value in node.entries) + "}"


def _is_json(text: str) -> bool:
    return text in CONSTANTS or NUMBER.match(text) is not None


def _secrets(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return []
    if not isinstance(node, Keys):
        return [name for item in node.items for name in _secrets(item)]
    secret = node.get("$secret")
    if isinstance(secret, Scalar):
        return [secret.text]
    return [name for _, value in node.entries for name in _secrets(value)]
