"""`users:` and `as:`: who calls a function, a role with the claims of its token."""

import re

from nexiom_runner.errors import Fault
from nexiom_runner.project.arguments import SECRET, directive, read_argument
from nexiom_runner.project.calling import User
from nexiom_runner.project.keys import (
    TEXT,
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
from nexiom_runner.project.model import Text
from nexiom_runner.project.names import width
from nexiom_runner.tree import Mapping, Node, Scalar

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def read_caller(node: Node, where: str, faults: Faults) -> Text | User | None:
    """A role or user by name, or a role with its claims."""
    if isinstance(node, Mapping):
        return _read_described("", node, node, where, faults)
    return read_text(node, where, faults)


def _read_user(key: Scalar, value: Node, where: str, faults: Faults) -> User | None:
    if not NAME.fullmatch(key.text):
        message = f'user "{key.text}" expects letters, digits, "_", "-" and "." as its name'
        faults.append(Fault(message, key.place, width=width(key)))
    return _read_described(key.text, key, value, where, faults)


def _read_described(name: str, at: Node, value: Node, where: str, faults: Faults) -> User | None:
    values = read_table(value, USER, where, faults)
    role: Text | None = values["role"]
    if role is None:
        return None
    claims = dict(values["claims"])
    _check_role(role, claims.get("role"), where, faults)
    return User(name, at.place, role.value, claims)


def _check_role(role: Text, claimed: Node | None, where: str, faults: Faults) -> None:
    """The API takes the role from the token: the two cannot differ."""
    if isinstance(claimed, Scalar) and claimed.text != role.value:
        message = f'"{where}" has the role "{role.value}" and claims "{claimed.text}"'
        hint = "Leave role out of the claims: it is filled in."
        faults.append(Fault(message, claimed.place, width=width(claimed), hint=hint))
    elif claimed is not None and not isinstance(claimed, Scalar):
        faults.append(expected(claimed, f"{where}.claims.role", "a role"))


def _read_claim(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[str, Node]:
    if _has_time(value):
        hint = "Times of a token are seconds since 1970, and nothing looks at them here: leave it out."
        faults.append(expected(value, where, "a value without a time", hint))
    return read_argument(key, value, where, faults)


def _has_time(value: Node) -> bool:
    if isinstance(value, Scalar):
        return False
    found = directive(value)
    if found is not None:
        return found[0] != SECRET
    return any(map(_has_time, (inner for _, inner in value.entries) if isinstance(value, Mapping) else value.items))


USER = Table(
    (
        Key("role", TEXT, "The role of the database.", required=True),
        Key(
            "claims",
            mapping_of(_read_claim, {}),
            "Claims of the token, as request.jwt.claims: sub, email, …; the role is filled in.",
            default=(),
        ),
    )
)

USERS = mapping_of(_read_user, table_schema(USER))
CALLER = Form(read_caller, {"anyOf": [{"type": "string"}, table_schema(USER)]})
