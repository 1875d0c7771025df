"""Where a copy lives: a server for it alone, with the target's roles and an empty database of the target's name."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nexiom_runner.database.clones import drop_database
from nexiom_runner.database.engine import Engine
from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.scratch import scratch_server
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.state import ADMIN, DATABASE, PRISTINE, dsn
from nexiom_runner.database.targets import APPLICATION
from nexiom_runner.errors import ServerError
from nexiom_runner.rehearse.target import TargetFacts

SUPERUSER = "nexiom_rehearsal"  # prepares the copy; no script runs as it
FORMER = "nexiom_bootstrap"  # the name that `postgres` makes room under
MAINTENANCE = "template1"
MEMBER_ALREADY = "0LP01"  # the other way round


@dataclass(frozen=True, slots=True)
class Place:
    """An empty database on a server of its own: `admin` is a superuser's session on it, `dsn` the target's role's."""

    admin: Session
    dsn: str


@contextmanager
def empty_place(engine: Engine, facts: TargetFacts, environ: Mapping[str, str]) -> Iterator[Place]:
    """The database with nothing in it, gone with the block. Raises what `start` raises.

    No role of the target is a superuser here, since SQL that is yet to be reviewed must not reach a shell; one that is
    a superuser there is a member of every other role instead.
    """
    with scratch_server(engine, environ) as running:
        with connect(running.maintenance_dsn, application=APPLICATION) as first:
            first.rows(load(__file__, "make_admin.sql").compose(name=SUPERUSER))
        with connect(dsn(running.state, SUPERUSER, MAINTENANCE), application=APPLICATION) as maintenance:
            _clear(maintenance, facts)
            _make_roles(maintenance, facts)
            names = {"name": facts.server.database, "owner": facts.database.owner}
            maintenance.rows(load(__file__, "make_database.sql").compose(**names))
        with connect(dsn(running.state, SUPERUSER, facts.server.database), application=APPLICATION) as admin:
            _set_database(admin, facts)
            yield Place(admin, dsn(running.state, facts.server.role, facts.server.database))


def _clear(session: Session, facts: TargetFacts) -> None:
    """Take away what a new server of ours has before the first phase, but for what the target has too."""
    session.rows(load(__file__, "unseal_database.sql").compose(name=PRISTINE))
    for database in dict.fromkeys((DATABASE, PRISTINE, facts.server.database)):
        drop_database(session, database)
    session.rows(load(__file__, "rename_role.sql").compose(name=ADMIN, new=FORMER))
    known = [role.name for role in facts.roles]
    for row in session.rows(load(__file__, "other_roles.sql"), known=known):
        session.rows(load(__file__, "drop_role.sql").compose(name=row.name))


def _make_roles(session: Session, facts: TargetFacts) -> None:
    for role in facts.roles:
        given = {"name": role.name, "attributes": _attributes(role, role.name == facts.server.role)}
        session.rows(load(__file__, "make_role.sql").compose(given=Literal(json.dumps(given))))
        if role.everywhere:
            _set(session, role.name, role.everywhere, here=False)
    for one in facts.memberships:
        query = load(__file__, "grant_role_on.sql" if one.admin else "grant_role.sql")
        session.rows(query.compose(role=one.role, member=one.member))
    for superuser in (role.name for role in facts.roles if role.superuser):
        _join_all(session, [role.name for role in facts.roles if role.name != superuser], superuser)


def _attributes(role: Any, is_own: bool) -> str:
    every = role.superuser
    words = {
        "inherit": role.inherit or every,
        "createrole": role.creates_roles or every,
        "createdb": role.creates_databases or every,
        "bypassrls": role.bypasses or every,
        "login": is_own,
    }
    return " ".join(word if given else f"no{word}" for word, given in words.items())


def _join_all(session: Session, roles: Sequence[str], superuser: str) -> None:
    for role in roles:
        try:
            session.rows(load(__file__, "grant_role_on.sql").compose(role=role, member=superuser))
        except ServerError as error:
            if error.report.sqlstate != MEMBER_ALREADY:
                raise


def _set_database(admin: Session, facts: TargetFacts) -> None:
    """Its settings, and those that roles have in it, and who may do what with it."""
    if facts.database.settings:
        _set(admin, "", facts.database.settings, here=True)
    for role in facts.roles:
        if role.here:
            _set(admin, role.name, role.here, here=True)
    if facts.database.granted:
        admin.rows(load(__file__, "grant_database.sql"), grants=facts.database.grants)


def _set(session: Session, role: str, settings: Sequence[str], *, here: bool) -> None:
    session.rows(load(__file__, "set_for.sql"), role=role, settings=list(settings), here=here)
