"""A session for readers that open transactions of their own, while one is open that must go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from nexiom_runner.database.session import Session


class NestedSession(Session):
    """The same connection; what would be a transaction is a savepoint in the one that is open, and rolled back.

    So only for readers. They see what the open transaction wrote.
    """

    def __init__(self, outer: Session) -> None:
        super().__init__(outer._connection, outer._redact)
        self._depth = 1

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, isolation: str | None = None, rollback: bool = False, first: str = ""
    ) -> Iterator[Self]:
        """A savepoint, always rolled back; `isolation` is that of the transaction that is open."""
        with self.savepoint(rollback=True):
            self.send(f"{'set local transaction_read_only = on;' if read_only else ''}{first}")
            yield self
