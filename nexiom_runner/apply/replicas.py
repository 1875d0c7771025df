"""How far replicas are behind, so that a backfill does not drown them.

A replica's own `replay_lag` is null once it has caught up and stands still where its replay is paused, so what it has
not replayed is also dated by when this side saw it written.
https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError


@dataclass(frozen=True, slots=True)
class Lag:
    """A replica that has not replayed all that was written."""

    name: str
    seconds: float
    bytes: int


@dataclass(slots=True)
class Replicas:
    """The replicas of one server, looked at again and again; `unseen` says why some are not known, once it is so."""

    clock: Callable[[], float] = time.monotonic
    unseen: str | None = None
    _written: list[tuple[float, int]] = field(default_factory=list)  # when, up to where

    def furthest(self, session: Session) -> Lag | None:
        """The one that is most behind; None where none is, or none can be seen. One round trip."""
        try:
            rows = session.rows(load(__file__, "replicas.sql"))
        except ServerError as error:
            self.unseen = f"the server does not say how far replicas are behind: {error.report.message}"
            return None
        hidden = sum(row.state is None for row in rows)
        if hidden:
            several = f"{hidden} replica" + ("s are" if hidden > 1 else " is")
            self.unseen = f'how far {several} behind, role "{session.server.role}" may not see (grant pg_monitor)'
        return self._furthest([row for row in rows if row.state is not None and row.replayed is not None])

    def _furthest(self, rows: Sequence[Any]) -> Lag | None:
        if not rows:
            return None
        now = self.clock()
        self._written.append((now, rows[0].written))
        last = min(row.replayed for row in rows)
        self._written = [(at, place) for at, place in self._written if place > last]
        lags = [self._lag(row, now) for row in rows if row.replayed < row.written]
        return max(lags, key=lambda lag: lag.seconds, default=None)

    def _lag(self, row: Any, now: float) -> Lag:
        since = next((at for at, place in self._written if place > row.replayed), now)
        return Lag(row.name, max(row.seconds, now - since), row.written - row.replayed)
