"""Row security policies: permissive, command, roles, using, with check."""

from collections.abc import Sequence
from functools import lru_cache

from nexiom_runner.audit.kinds.look import Attribute, Look, exactly
from nexiom_runner.audit.kinds.parts import Formula, Item, Parts, Reader, judge_item, name_in, own_table, with_defaults
from nexiom_runner.catalog.model import PUBLIC, Row
from nexiom_runner.catalog.names import quoted
from nexiom_runner.project.kinds.forms import role_name

COMMANDS = ("all", "select", "insert", "update", "delete")


@lru_cache(maxsize=16_384)
def read_policy(text: str) -> Parts:
    """The clauses of what follows a policy's table. Raises Unreadable."""
    reader = Reader(text)
    found: dict[str, str | Formula | None] = {"command": "all", "roles": PUBLIC}
    if reader.take("as"):
        restrictive = reader.needs("restrictive", "permissive") == "restrictive"
        found["as"] = "restrictive" if restrictive else None
    if reader.take("for"):
        found["command"] = reader.needs(*COMMANDS)
    if reader.take("to"):
        found["roles"] = _roles(reader)
    if reader.take("using"):
        found["using"] = reader.formula()
    if reader.take("with", "check"):
        found["with check"] = reader.formula()
    reader.end()
    return with_defaults(found)


def _roles(reader: Reader) -> str:
    roles = [role_name(name_in(reader.word()))]
    while reader.take(","):
        roles.append(role_name(name_in(reader.word())))
    return _told_roles(roles)


def _told_roles(roles: Sequence[str]) -> str:
    return ", ".join(role if role == PUBLIC else quoted(role) for role in sorted(roles))


def _live(row: Row) -> Parts:
    return with_defaults(
        {
            "as": None if row["permissive"] else "restrictive",
            "command": row["command"],
            "roles": _told_roles(row["roles"]),
            "using": Formula(row["using"]) if row["using"] else None,
            "with check": Formula(row["check"]) if row["check"] else None,
        }
    )


def _create(look: Look, text: str) -> str:
    return f"create policy {quoted(look.stated.item)} on {look.name} {text};"


def _drop(look: Look) -> str:
    return f"drop policy {quoted(look.stated.item)} on {look.name};"


def _alter(look: Look, expected: Parts, clauses: Sequence[str]) -> str | None:
    """What ALTER POLICY can: it keeps command and kind, and takes no expression away."""
    if not set(clauses) <= {"roles", "using", "with check"} or not set(clauses) <= expected.keys():
        return None
    changes = [_change(clause, expected[clause]) for clause in clauses]
    return f"alter policy {quoted(look.stated.item)} on {look.name} {' '.join(changes)};"


def _change(clause: str, part: str | Formula) -> str:
    return f"{clause} ({part.text})" if isinstance(part, Formula) else f"to {part}"


POLICY = Item("policy", read_policy, _live, own_table, _create, _drop, _alter, defaults={"as": "permissive"})
ATTRIBUTES = {
    "policy": Attribute("policies", judge_item(POLICY)),
    "exactly policies": Attribute("policies", exactly("policies")),
}
