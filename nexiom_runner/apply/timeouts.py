"""How long a script waits for the locks of others, and what comes of waiting in vain: no application queues behind it.

A statement that waits for a lock makes everyone wait who comes later, so it gives up after `lock_timeout`, its
transaction is rolled back and tried again after a pause that doubles and differs from runner to runner.
https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nexiom_runner.apply.watch import Alone, Wait, Watch
from nexiom_runner.database.queries import Literal, Query, load
from nexiom_runner.errors import ServerReport
from nexiom_runner.project.outline import Limits

LOCK_NOT_AVAILABLE, DEADLOCK, CANCELED = "55P03", "40P01", "57014"
TAKEN = 'another runner is at work on project "'  # what claim.sql fails with
UNSTATED = Limits()
DEFAULTS = Limits(lock_timeout=5_000, statement_timeout=0, retries=5, wait_for_transactions=3_600_000)
AFTER_THE_WATCH = 1.25
LONGEST_TIMEOUT = 2**31 - 1  # milliseconds that a setting can hold
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds, before they are shortened at random by up to a half


def _unheard(_: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The limits of each phase, and who hears, sees and waits while a script has to.

    `claim` is the statement that takes the project's lock within each transaction, where no connection holds it.
    """

    target: Limits = UNSTATED
    phases: Mapping[str, Limits] = field(default_factory=dict)
    said: Callable[[str], None] = _unheard
    watch: Watch | None = None
    claim: str = ""
    progress: Callable[[str], None] = _unheard
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep

    def limits(self, phase: str) -> Limits:
        """What holds for a phase: its own, else the target's, else nexiom's; none of them is None."""
        return in_force(self.target, self.phases.get(phase, UNSTATED))

    def settings(self, phase: str) -> Query:
        """What a transaction of the phase's begins with."""
        limits = self.limits(phase)
        return load(__file__, "settings.sql").compose(
            lock_timeout=Literal(str(limits.lock_timeout)), statement_timeout=Literal(str(limits.statement_timeout))
        )

    def begins(self, mark: str) -> None:
        """A message with this mark is sent now."""
        if self.watch is not None:
            self.watch.begins(mark)

    def begins_alone(self, mark: str, phase: str, called: str) -> None:
        """The same of a statement outside of any transaction, which is cancelled once it has waited too long."""
        if self.watch is not None:
            limits = self.limits(phase)
            lock, transactions = limits.lock_timeout or 0, limits.wait_for_transactions or 0
            called = f'phase "{phase}": {called}'
            self.watch.begins(mark, Alone(called, lock / 1_000, transactions / 1_000, spelled(transactions)))

    def longest(self, phase: str) -> int:
        """Milliseconds for which a statement waits at most that no transaction can hold, whatever for; 0: ever. The
        watch, which tells one wait from the other, comes before the server, which does not."""
        limits = self.limits(phase)
        both = (limits.lock_timeout or 0, limits.wait_for_transactions or 0)
        return min(int(max(both) * AFTER_THE_WATCH), LONGEST_TIMEOUT) if all(both) else 0

    def ends(self) -> None:
        """The message was answered."""
        if self.watch is not None:
            self.watch.ends()

    def held(self) -> bool:
        """Whether the lock is held, as far as that is known without asking; where each transaction takes it, yes."""
        return self.watch is None or self.watch.held()

    def again(self, phase: str, report: ServerReport, attempts: int) -> bool:
        """Whether a script that failed after so many attempts is tried again; says so and pauses before the answer."""
        limits = self.limits(phase)
        retries = limits.retries or 0
        if not self._for_a_lock(report) or attempts > retries:
            return False
        seconds = pause(attempts, self.random())
        what = self._in_vain(limits, report)
        self.said(f'phase "{phase}" {what}; attempt {attempts} of {retries + 1}, again in {seconds:.1f} s')
        self.sleep(seconds)
        return True

    def taken(self, report: ServerReport) -> bool:
        """Whether it was the claim that failed, since another runner's transaction holds the lock."""
        return bool(self.claim) and report.message.startswith(TAKEN)

    def why(self, phase: str, report: ServerReport, attempts: int) -> str | None:
        """For a script that waited in vain to the end: how often, and whom for."""
        limits = self.limits(phase)
        if report.sqlstate == CANCELED and self.watch is not None and self.watch.given_up is not None:
            if self.watch.given_up.transactions:
                return _outwaited(limits, self.watch.given_up)
        elif report.sqlstate not in (LOCK_NOT_AVAILABLE, DEADLOCK):
            return None
        times = "Tried once" if attempts == 1 else f"Tried {attempts} times"
        cancelled = ", and was cancelled" if report.sqlstate == CANCELED else ""
        return f"{times}; the last time it {self._in_vain(limits, report)}{cancelled}."

    def _for_a_lock(self, report: ServerReport) -> bool:
        """Whether it was a lock that could not be had: then it may be free a little later."""
        if report.sqlstate == CANCELED and self.watch is not None and self.watch.given_up is not None:
            return not self.watch.given_up.transactions
        return report.sqlstate in (LOCK_NOT_AVAILABLE, DEADLOCK)

    def _in_vain(self, limits: Limits, report: ServerReport) -> str:
        if report.sqlstate == DEADLOCK:
            return "was the victim of a deadlock"
        if report.sqlstate != CANCELED and "lock timeout" not in report.message:
            return f"could not have a lock: {report.message}"
        waited = f"waited {spelled(limits.lock_timeout or 0)} for a lock"
        blockers = self.watch.blockers if self.watch is not None else ()
        return f"{waited} held by {' and by '.join(blockers)}" if blockers else waited


def in_force(target: Limits, phase: Limits) -> Limits:
    """The phase's limits, else the target's, else nexiom's own."""
    return Limits(
        _first(phase.lock_timeout, target.lock_timeout, DEFAULTS.lock_timeout),
        _first(phase.statement_timeout, target.statement_timeout, DEFAULTS.statement_timeout),
        _first(phase.retries, target.retries, DEFAULTS.retries),
        _first(phase.wait_for_transactions, target.wait_for_transactions, DEFAULTS.wait_for_transactions),
    )


def spelled(milliseconds: int) -> str:
    """`0.5 s`, `5 s`, `10 min`, `1 h`: in the largest unit that it fills, as a person writes it."""
    for unit, length in (("h", 3_600_000), ("min", 60_000)):
        if milliseconds and milliseconds % length == 0:
            return f"{milliseconds // length} {unit}"
    return f"{milliseconds / 1_000:g} s"


def pause(attempt: int, chance: float) -> float:
    """Seconds before the attempt after this one (from 1): doubled each time up to LONGEST_PAUSE, less up to a half."""
    whole = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 1, 30))
    return whole * (1 - chance / 2)


def claim_of(project: str) -> Query:
    """The statement that takes the project's lock in a transaction."""
    return load(__file__, "claim.sql").compose(project=Literal(project))


def _outwaited(limits: Limits, wait: Wait) -> str:
    waited = f"It waited {spelled(limits.wait_for_transactions or 0)} for older transactions to end"
    return (
        f"{waited}, of {' and of '.join(wait.blockers)}, and was cancelled; wait_for_transactions says how long it may."
    )


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
