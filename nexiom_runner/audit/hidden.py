"""What information_schema hides from the role that looks, so that an audit written on it cannot pass by blindness.

https://www.postgresql.org/docs/current/information-schema.html: only objects the role owns or has a right on are shown.
"""

from dataclasses import dataclass, field
from typing import Any

from nexiom_runner.catalog.names import quoted, shown
from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.sql.lexer import identifier, lexemes


@dataclass(frozen=True, slots=True)
class Blind:
    """Why the answer would not be the truth, and what would help."""

    message: str
    fix: str


@dataclass(slots=True)
class Hidden:
    """The project's objects that information_schema hides; asked once, and only when an audit reads it."""

    schemas: tuple[str, ...]
    rows: list[Any] | None = field(default=None)

    def told(self, session: Session) -> Blind | None:
        """What to say where something is hidden."""
        if self.rows is None:
            with session.transaction(read_only=True, rollback=True):
                self.rows = session.rows(load(__file__, "hidden.sql"), schemas=list(self.schemas))
        if not self.rows:
            return None
        first = self.rows[0]
        more = f" and {len(self.rows) - 1} more" if len(self.rows) > 1 else ""
        name = shown((first.schema, first.name))
        message = f"information_schema does not show {first.kind} {name}{more} to role {quoted(session.server.role)}"
        grant = f"grant {quoted(first.owner)} to {quoted(session.server.role)};"
        return Blind(message, f"read pg_catalog instead, or {grant}")


def reads_information_schema(text: str) -> bool:
    """Whether a query mentions information_schema."""
    if "information_schema" not in text.lower():
        return False
    return any(identifier(piece) == "information_schema" for piece in set(lexemes(text)))
