"""Forms of values that several kinds share: items by name, grants, settings, numbers."""

import re
from collections.abc import Callable

from nexiom_runner.errors import Fault
from nexiom_runner.project.grammar import is_balanced
from nexiom_runner.project.keys import (
    TEXT,
    Faults,
    Form,
    Read,
    expected,
    list_of,
    mapping_of,
    matching,
    read_text,
)
from nexiom_runner.project.model import GrantExpectation, Said, Text
from nexiom_runner.project.names import unknown
from nexiom_runner.tree import Mapping, Node, Scalar

PRESENT = "present"
ABSENT = "absent"
WHOLE = matching("-?[0-9]+", "a whole number")
COUNT = matching("[0-9]+", "a whole number from 0")
NUMBER = matching(r"[0-9]+(?:\.[0-9]+)?", "a number")


def role_name(text: str) -> str:
    """A role as the catalog has it; PUBLIC, which is no role, in capitals."""
    return "PUBLIC" if text.lower() == "public" else text


def items(attribute: str, example: str, *words: str) -> Form:
    """Items by name, each the SQL that follows its name, or `absent`; it begins with one of these words."""
    pattern = "|".join(word.replace(" ", r"\s+") for word in words)
    begins = re.compile(rf"(?:{pattern})\b", re.IGNORECASE)
    hint = f"It begins with {', '.join(words[:-1])} or {words[-1]}." if len(words) > 1 else None

    def read(key: Scalar, value: Node, where: str, faults: Faults) -> Said | None:
        text = read_text(value, where, faults)
        if text is None:
            return None
        if text.value == ABSENT:
            return Said(attribute, key.text, None, key.place)
        if not begins.match(text.value) or not is_balanced(text.value):
            faults.append(expected(value, where, f"`absent` or SQL as in `{example}`", hint))
            return None
        return Said(attribute, key.text, text.value, key.place)

    return mapping_of(read, {"type": "string"})


def texts_by_name(what: str) -> Form:
    """A text by each name (`statement_timeout: 3s`), read as pairs."""

    def read(node: Node, where: str, faults: Faults) -> tuple[tuple[str, str], ...] | None:
        if not isinstance(node, Mapping):
            faults.append(expected(node, where, f"a mapping of {what}"))
            return None
        pairs = [(key.text, read_any_text(value, f"{where}.{key.text}", faults)) for key, value in node.entries]
        return tuple((name, text.value) for name, text in pairs if text is not None)

    return Form(read, {"type": "object", "additionalProperties": TEXT.schema})


def read_any_text(node: Node, where: str, faults: Faults) -> Text | None:
    """A text, which may be empty where it is quoted."""
    if isinstance(node, Scalar) and not node.plain:
        return Text(node.text, node.place)
    if isinstance(node, Scalar) and not node.text:
        faults.append(expected(node, where, "a text", 'Write "" where there is none.'))
        return None
    return read_text(node, where, faults)


def grants(*privileges: str, named: Callable[[str], str] = role_name) -> Form:
    """Exactly these privileges, by role, or by what `named` makes of a key."""
    listed = list_of(Form(_privilege(privileges), {"enum": list(privileges)}))

    def read(key: Scalar, value: Node, where: str, faults: Faults) -> GrantExpectation | None:
        held = listed.read(value, where, faults)
        if held is None:
            return None
        return GrantExpectation(named(key.text), tuple(text.value.lower() for text in held), key.place)

    return mapping_of(read, listed.schema)


def _privilege(privileges: tuple[str, ...]) -> Read:
    def read(node: Node, where: str, faults: Faults) -> Text | None:
        text = read_text(node, where, faults)
        if text is None or text.value.lower() in privileges:
            return text
        fault = unknown("privilege", Scalar(text.value, text.place), privileges, f'in "{where}"')
        if text.value.lower() == "all":
            hint = "Name them: what ALL means differs between versions of PostgreSQL."
            fault = Fault(f'"{where}" says "all"', text.place, width=3, hint=hint)
        faults.append(fault)
        return None

    return read


def _read_roles(node: Node, where: str, faults: Faults) -> tuple[str, ...] | None:
    listed: tuple[Text, ...] | None = list_of(TEXT).read(node, where, faults)
    return None if listed is None else tuple(role_name(text.value) for text in listed)


ROLES = Form(_read_roles, list_of(TEXT).schema)
COMMENT = Form(read_any_text, TEXT.schema)
TABLE_GRANTS = grants("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain")
