"""How long a rehearsal may hold what it holds on the target itself."""

import time
from dataclasses import dataclass, field

LOCK_WAIT = 2_000  # milliseconds; whoever comes later queues behind a lock that is waited for
IDLE = 10_000  # milliseconds without a word from here, after which the server rolls back


@dataclass(frozen=True, slots=True)
class Budget:
    """So many milliseconds for everything, from the moment this is made."""

    whole: int
    began: float = field(default_factory=time.monotonic)

    @property
    def settings(self) -> str:
        """What bounds each wait, beside each statement."""
        return f"set local lock_timeout = {LOCK_WAIT}; set local idle_in_transaction_session_timeout = {IDLE}"

    def bound(self, own: int) -> str:
        """The setting for the statement that comes next: what is left, or its `own` limit where that is shorter."""
        left = max(1, self.whole - int((time.monotonic() - self.began) * 1_000))
        return f"set local statement_timeout = {min(left, own) if own else left}"

    @property
    def waited(self) -> str:
        """A sentence for who waited in vain."""
        return f"A rehearsal on the target waits {LOCK_WAIT // 1_000} s for a lock, and is not tried again."
