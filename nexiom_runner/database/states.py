"""Stored states of the embedded database: template databases it can go back to, found by what was applied.

Every session here is a superuser's on the database for maintenance; whoever is connected to the databases is cut off.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from nexiom_runner.database.clones import clone_database, drop_database
from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import Session
from nexiom_runner.database.state import PRISTINE, names_as
from nexiom_runner.errors import Fault, ServerError, TargetError

KEPT = 12  # states; each is a whole copy of the database
PREFIX = "nexiom_state_"


@dataclass(frozen=True, slots=True)
class StoredState:
    """A template database and the roles there were when it was stored (roles belong to the server, not to it)."""

    database: str
    roles: frozenset[str]


def store_state(admin: Session, key: str, *, keep: int = KEPT) -> None:
    """Store the database as it is under a key; no more than `keep` states stay, the least lately used go.

    A state of that key is left as it is. A killed run leaves either the whole state or none that is found.
    """
    name = _database_of(key)
    if any(state.database == name for state in stored_states(admin)):
        return
    half_made = f"{name}_new"
    drop_database(admin, half_made)
    clone_database(admin, names_as(admin.user).database, half_made, owner=admin.user)
    seal_database(admin, half_made)
    admin.rows(load(__file__, "rename_database.sql").compose(name=half_made, new=name))
    for state in stored_states(admin)[keep:]:
        drop_database(admin, state.database)


def newest_state(admin: Session, keys: Sequence[str]) -> str | None:
    """The first of the keys, given newest first, that a state is stored under."""
    stored = {state.database for state in stored_states(admin)}
    return next((key for key in keys if _database_of(key) in stored), None)


def restore_state(admin: Session, key: str) -> None:
    """Make the database what it was when the state was stored; roles made since are dropped with the states that
    know them. Raises KeyError for a key nothing is stored under, TargetError for a role that cannot be dropped."""
    state = {found.database: found for found in stored_states(admin)}[_database_of(key)]
    _go_back(admin, state)


def reset_database(admin: Session) -> None:
    """Make the database what it is before the first phase, roles included; states that know other roles go."""
    (pristine,) = _read_states(admin, PRISTINE)
    _go_back(admin, pristine)


def mend_database(admin: Session) -> bool:
    """Whether the database had gone (a run was killed while it went back) and was made as before the first phase."""
    if admin.rows(load(__file__, "database_exists.sql"), name=names_as(admin.user).database):
        return False
    reset_database(admin)
    return True


def stored_states(admin: Session) -> list[StoredState]:
    """The stored states, the last used first."""
    return [state for state in _read_states(admin, PREFIX) if not state.database.endswith("_new")]


def seal_database(admin: Session, name: str, roles: frozenset[str] | None = None) -> None:
    """Make a database a template that nobody connects to, with a note of the roles (those of now, unless given)."""
    admin.rows(load(__file__, "seal_database.sql").compose(name=name))
    known = None if roles is None else json.dumps(sorted(roles))
    (row,) = admin.rows(load(__file__, "role_note.sql"), roles=known)
    admin.rows(load(__file__, "note_state.sql").compose(name=name, note=Literal(row.note)))


def _go_back(admin: Session, state: StoredState) -> None:
    database = names_as(admin.user).database
    drop_database(admin, database)
    _drop_later_roles(admin, state)
    clone_database(admin, state.database, database)
    if state.database != PRISTINE:
        seal_database(admin, state.database, state.roles)  # used now


def _drop_later_roles(admin: Session, state: StoredState) -> None:
    later = {row.role for row in admin.rows(load(__file__, "roles_now.sql"))} - state.roles
    if not later:
        return
    for other in stored_states(admin):
        if other.roles & later:
            drop_database(admin, other.database)
    for role in later:
        admin.rows(load(__file__, "drop_owned.sql").compose(name=role))
    for role in sorted(later):
        _drop_role(admin, role)


def _drop_role(admin: Session, role: str) -> None:
    try:
        admin.rows(load(__file__, "drop_role.sql").compose(name=role))
    except ServerError as error:
        message = f'cannot go back to before role "{role}" was made: {error.report.message}'
        hint = "Run nexiom db reset, which starts from an empty server."
        raise TargetError(Fault(message, detail=error.report.detail, hint=hint)) from None


def _read_states(admin: Session, prefix: str) -> list[StoredState]:
    rows = admin.rows(load(__file__, "states.sql"), prefix=prefix)
    return [StoredState(row.database, frozenset(row.roles or ())) for row in rows]


def _database_of(key: str) -> str:
    return PREFIX + hashlib.sha256(key.encode()).hexdigest()[:32]
