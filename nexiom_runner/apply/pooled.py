"""A statement outside of any transaction behind a pooler, where nothing can be set: does it mean what it says?"""

from nexiom_runner.apply.lone import Statement
from nexiom_runner.apply.probe import about, relation
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.sql.segments import Lone


def read_otherwise(session: Session, statement: Statement) -> tuple[str, ...]:
    """The names without a schema that the connection's own search_path takes for another relation, or for none,
    than a script's does. What follows a table's name, as an operator class, is not looked at: the server refuses it."""
    target = about(statement.kind, statement.text)
    named = [] if statement.kind is Lone.CREATE_INDEX else [(target.schema, target.name)]
    named.append((target.table_schema, target.table))
    names = [name for schema, name in named if schema is None and name is not None]
    return tuple(name for name in names if _found(session, name) != _meant(session, name))


def _found(session: Session, name: str) -> int | None:
    (row,) = session.rows(load(__file__, "unpinned.sql"), name=name)
    return None if row.oid is None else int(row.oid)


def _meant(session: Session, name: str) -> int | None:
    meant = relation(session, None, name)
    return None if meant is None else int(meant.oid)
