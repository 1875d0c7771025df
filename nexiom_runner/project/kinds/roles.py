"""`expect: roles:` and `default_privileges:`; roles belong to the whole server."""

import re

from nexiom_runner.errors import Fault
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.keys import FLAG, TEXT, Faults, Key, Table
from nexiom_runner.project.kinds.forms import COMMENT, ROLES, TABLE_GRANTS, WHOLE, grants, texts_by_name
from nexiom_runner.project.kinds.kind import Name, ObjectKind, bare_name
from nexiom_runner.project.names import shown, width
from nexiom_runner.tree import Scalar

_OF = re.compile(r"(.+?) in (\S.*)")


def _role_and_schema(key: Scalar, where: str, faults: Faults) -> Name | None:
    """`deployer`, or `deployer in crm`."""
    within = _OF.fullmatch(key.text)
    if within is None:
        return bare_name(key, where, faults)
    try:
        return parse_name(within[2])[1], within[1]
    except NotUnderstood:
        message = f'key "{where}" expects ROLE or `ROLE in SCHEMA`, found "{shown(key.text)}"'
        faults.append(Fault(message, key.place, width=width(key)))
        return None


ROLE = ObjectKind(
    "role",
    "roles",
    "Roles by name, and what must be so of each.",
    Table(
        (
            Key("login", FLAG, "Whether it may connect."),
            Key("superuser", FLAG, "Whether it may do everything."),
            Key("inherit", FLAG, "Whether it has the rights of the roles it is a member of."),
            Key("create_db", FLAG, "Whether it may create databases."),
            Key("create_role", FLAG, "Whether it may create roles."),
            Key("replication", FLAG, "Whether it may replicate."),
            Key("bypass_rls", FLAG, "Whether row level security does not bind it."),
            Key("connection_limit", WHOLE, "How many connections it may have; -1: any number."),
            Key("valid_until", TEXT, "Until when its password is good; infinity."),
            Key("member_of", ROLES, "Exactly the roles it is itself a member of."),
            Key("settings", texts_by_name("settings"), "All settings of its own, here or everywhere."),
            Key("comment", COMMENT, 'Its comment; "" for none.'),
        )
    ),
    bare_name,
)

DEFAULT_PRIVILEGES = ObjectKind(
    "default privileges",
    "default_privileges",
    "By ROLE, or `ROLE in SCHEMA`: what others get on each object that the role creates.",
    Table(
        (
            Key("tables", TABLE_GRANTS, "Exactly these privileges on new tables and views, by role."),
            Key("sequences", grants("select", "usage", "update"), "On new sequences."),
            Key("functions", grants("execute"), "On new functions; PUBLIC has execute by default."),
            Key("types", grants("usage"), "On new types; PUBLIC has usage by default."),
            Key("schemas", grants("usage", "create"), "On new schemas."),
        )
    ),
    _role_and_schema,
)
