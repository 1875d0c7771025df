"""Copies of databases, in a few milliseconds each: file copies of a database that nobody is connected to."""

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.database.state import OWNER


def clone_database(session: Session, source: str, name: str, *, owner: str = OWNER) -> None:
    """Make the database `name` as a copy of `source`, which loses its connections. Raises ServerError if `name` exists.

    The session is a superuser's on neither of the two.
    """
    session.rows(load(__file__, "end_connections.sql"), database=source)
    session.rows(load(__file__, "clone_database.sql").compose(name=name, owner=owner, template=source))


def drop_database(session: Session, name: str) -> None:
    """Drop the database with the connections to it; nothing where there is none."""
    session.rows(load(__file__, "drop_database.sql").compose(name=name))
