"""What a copy of the target needs to know of it, read once and read-only: roles, grants of the database, sizes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Server, Session
from nexiom_runner.lint.moves import BOUNDED, TableFacts, size


@dataclass(frozen=True, slots=True)
class Size:
    """How large a relation is by the server's statistics: `rows` is -1 where nobody ever counted them."""

    rows: int = -1
    bytes: int = 0

    def __str__(self) -> str:
        """`2.1 M rows, 480 MB`."""
        if self.rows < 0:
            return "never analysed"
        return size(TableFacts(self.rows, self.bytes))


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of the target; `pages` and `tuples` are its own, the size that of its partitions too."""

    schema: str
    name: str
    kind: str
    size: Size
    pages: int
    tuples: float
    readable: bool


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """The target as its catalog describes it; relations by identity (`public."Order"`)."""

    server: Server
    roles: tuple[Any, ...]
    memberships: tuple[Any, ...]
    database: Any
    extensions: tuple[str, ...]
    relations: Mapping[str, Relation]

    @property
    def major(self) -> int:
        """The server's major version."""
        return self.server.version_num // 10_000

    @property
    def hidden(self) -> tuple[Relation, ...]:
        """The relations that the role may not read, and that no copy can have therefore."""
        return tuple(one for one in self.relations.values() if not one.readable)

    @property
    def sizes(self) -> dict[str, Size]:
        """The size of each table, by identity."""
        return {identity: one.size for identity, one in self.relations.items() if one.kind in "rpm"}


def read_target(session: Session) -> TargetFacts:
    """What the catalog says, in one transaction that is rolled back. Raises ServerError."""
    server = session.server
    with session.transaction(read_only=True, rollback=True, first=BOUNDED):
        return TargetFacts(
            server,
            tuple(session.rows(load(__file__, "roles.sql"))),
            tuple(session.rows(load(__file__, "memberships.sql"))),
            session.rows(load(__file__, "database.sql"))[0],
            tuple(row.name for row in session.rows(load(__file__, "extensions.sql"))),
            {row.identity: _relation(row) for row in session.rows(load(__file__, "relations.sql"))},
        )


def _relation(row: Any) -> Relation:
    size = Size(int(row.rows), int(row.bytes))
    return Relation(row.schema, row.name, row.kind, size, row.pages, row.tuples, row.readable)
