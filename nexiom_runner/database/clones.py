"""Copies of databases, in a few milliseconds each: file copies of a database that nobody is connected to."""

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.database.state import names_as


def clone_database(admin: Session, source: str, name: str, *, owner: str | None = None, sealed: bool = False) -> None:
    """Make the database `name` as a copy of `source`, whose connections are ended, with its settings and grants;
    it belongs to who phases run as, or to `owner`.

    Nobody is connected to one that is `sealed`, and nobody is looked for. The session is a superuser's on neither of
    the two. Raises ServerError where `name` exists.
    """
    if not sealed:
        admin.rows(load(__file__, "end_connections.sql"), database=source)
    admin.rows(
        load(__file__, "clone_database.sql").compose(
            name=name, owner=owner or names_as(admin.user).owner, template=source
        )
    )
    admin.rows(load(__file__, "copy_settings.sql"), source=source, name=name)


def drop_database(admin: Session, name: str) -> None:
    """Drop the database with the connections to it; nothing where there is none."""
    admin.rows(load(__file__, "drop_database.sql").compose(name=name))
