"""A role that may not: the grant that would let it, read out of what the server refused."""

import re

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError, ServerReport, UnavailableError

NO_RIGHT = "42501"
_KINDS = "schema|table|view|sequence|function|procedure|database|index|aggregate|type|domain|relation|extension"
_OWNED = re.compile(rf"must be owner of ((?:materialized |foreign )?(?:{_KINDS})) (.+)")
_DENIED = re.compile(rf"permission denied for ((?:materialized |foreign )?(?:{_KINDS})) (.+)")
_SETS_ROLE = re.compile(r"\bset\s+((local|session)\s+)?(role|session\s+authorization)\b", re.IGNORECASE)
_RIGHTS = {
    "schema": "usage, create",
    "database": "create",
    "function": "execute",
    "procedure": "execute",
    "sequence": "usage, select, update",
}
_OF_TABLES = {
    "select": "select",
    "insert": "select, insert",
    "update": "select, update",
    "delete": "select, delete",
    "truncate": "truncate",
}
_TABLES = re.compile("(materialized |foreign )?(view|table)")


def missing_right(session: Session, report: ServerReport, statement: str | None, script: str) -> str:
    """What an owner can run so that `statement` of the `script` may; None where the ledger's entry was refused.

    Asks the server once for the owner of an object that is another's.
    """
    role = f'"{session.server.role}"'
    in_function = " function " in (report.context or "")  # which may be SECURITY DEFINER
    if statement is not None and (in_function or _SETS_ROLE.search(script)):
        role = "the role it runs as there"
    if statement is None and report.message.endswith(" ledger"):
        grants = (
            f"grant usage on schema nexiom to {role}; grant select, insert on all tables in schema nexiom to {role}"
        )
        return f"Let an owner run: {grants};"
    if owned := _OWNED.search(report.message):
        return _owned(session, role, owned[1], owned[2])
    if denied := _DENIED.search(report.message):
        kind, name = _TABLES.sub("table", denied[1]), _identifier(denied[2])
        return f"Let an owner run: grant {_right(kind, statement)} on {kind} {name} to {role};"
    return f"Run as a role that may, or let an owner grant the right to {role}."


def _right(kind: str, statement: str | None) -> str:
    first = re.match(r"[a-z]+", (statement or "").lower())
    return _RIGHTS.get(kind) or _OF_TABLES.get(first[0] if first else "", "all")


def _owned(session: Session, role: str, kind: str, name: str) -> str:
    owner = _owner(session, kind.split()[-1], name)
    if owner is None:
        return f"Run as the owner of {kind} {name}, or let a superuser grant that role to {role}."
    return f'Run as "{owner}", or let it be granted: grant "{owner}" to {role};'


def _owner(session: Session, kind: str, name: str) -> str | None:
    if kind in ("function", "procedure", "aggregate"):
        name = name.rpartition(".")[2]
    try:
        rows = session.rows(load(__file__, "owner.sql"), kind=kind, name=name)
    except (ServerError, UnavailableError):
        return None  # what failed before is what is told
    return str(rows[0].owner) if rows else None


def _identifier(name: str) -> str:
    """The name as SQL needs it; the server's messages say it bare."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_$]*", name) else '"' + name.replace('"', '""') + '"'
