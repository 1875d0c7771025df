"""The plan as data: one step a script, read alike by who prints it and who carries it out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from nexiom_runner.ledger.fold import Record
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.split import Statement


class StepState(StrEnum):
    """How a script on disk stands to what the ledger says."""

    APPLIED = "applied"
    PENDING = "pending"
    CHANGED = "changed"  # a repeatable that differs from what ran
    EDITED = "edited"  # an apply.sql that differs from what ran
    INPUTS = "inputs"  # only a macro or a variable differs
    RENAMED = "renamed"  # the phase has another name in the ledger
    PARTIAL = "partial"  # some of its segments are applied, as they are on disk
    MISSING = "missing"  # an apply.sql of the ledger that is not on disk
    ORPHAN = "orphan"  # a repeatable of the ledger that is not on disk
    BLOCKED = "blocked"  # would run, but for what must be settled first


RUNS = frozenset({StepState.PENDING, StepState.CHANGED, StepState.PARTIAL})
PROBLEMS = frozenset({StepState.EDITED, StepState.MISSING})
GOES_BACK = PROBLEMS | {
    StepState.CHANGED,  # `create or replace` keeps the grants of before: a fresh database would differ
    StepState.INPUTS,
    StepState.RENAMED,
    StepState.ORPHAN,
    StepState.PARTIAL,
}


def moment(at: str) -> str:
    """`2026-11-22 18:19 UTC` of a moment of the ledger, which is UTC."""
    return f"{at[:16].replace('T', ' ')} UTC"


@dataclass(frozen=True, slots=True)
class PlannedStatement:
    """One statement that would run, in a transaction or outside of any; `segment` counts from 1."""

    statement: Statement
    transactional: bool = True
    segment: int = 1

    @property
    def label(self) -> str:
        """What it does in a few words; read out of its text when it is asked for."""
        return self.statement.label

    @property
    def offset(self) -> int:
        """Its first character in the rendered text."""
        return self.statement.head


@dataclass(frozen=True, slots=True)
class Step:
    """One script. `script` is None where the ledger alone knows it, `record` where the files alone do."""

    key: str
    phase: str
    kind: str
    state: StepState
    reason: str
    script: Script | None = None
    record: Record | None = None
    taken_by: str | None = None  # of what is not on disk: a new phase that holds the same scripts
    again: bool = False  # from its beginning, on a target that went back

    @property
    def statements(self) -> tuple[PlannedStatement, ...]:
        """Of what runs, now or once what blocks it is settled."""
        if self.script is None or not (self.runs or self.state is StepState.BLOCKED):
            return ()
        if self.script.atomic:
            return tuple(map(PlannedStatement, self.script.statements))
        return tuple(
            PlannedStatement(statement, segment.lone is None, number)
            for number, segment in enumerate(self.script.segments, start=1)
            if number > self.done
            for statement in self.script.statements[segment.first : segment.last]
        )

    @property
    def done(self) -> int:
        """How many of the script's segments are applied before the first that runs."""
        return self.record.done if self.record is not None and not self.record.whole and not self.again else 0

    @property
    def runs(self) -> bool:
        """Apply would send it."""
        return self.state in RUNS


@dataclass(frozen=True)
class Plan:
    """Steps in order of execution, then what only the ledger knows. `back_to` is set on a disposable target only."""

    steps: tuple[Step, ...]
    to: str | None = None
    renames: Mapping[str, str] | None = None  # phase → the name the ledger has it under
    back_to: int | None = None  # scripts that stay when apply first goes back
    back_because: str | None = None  # phase "05_leads" was edited

    @cached_property
    def todo(self) -> tuple[Step, ...]:
        """The steps that run, in order."""
        return tuple(step for step in self.steps if step.runs)

    @cached_property
    def problems(self) -> tuple[Step, ...]:
        """What must be settled before anything runs on a target that is not disposable."""
        return tuple(step for step in self.steps if step.state in PROBLEMS)

    @cached_property
    def warnings(self) -> tuple[Step, ...]:
        """What a person should know and nothing runs for."""
        return tuple(step for step in self.steps if step.state in (StepState.INPUTS, StepState.ORPHAN))

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """Phases of the ledger of which nothing is on disk."""
        there = {step.phase for step in self.steps if step.script is not None}
        return tuple(dict.fromkeys(step.phase for step in self.steps if step.phase not in there))

    @property
    def anything_to_do(self) -> bool:
        """Something would run, be renamed in the ledger, or must be settled (`plan --check`)."""
        return bool(self.todo or self.problems or self.renames or self.back_because)

    @cached_property
    def counts(self) -> Mapping[StepState, int]:
        """How many steps stand in each state."""
        return Counter(step.state for step in self.steps)

    @cached_property
    def unapplied(self) -> tuple[str, ...]:
        """Phases on disk of which something is not applied as it is, in order."""
        settled = (StepState.APPLIED, StepState.INPUTS, StepState.RENAMED)
        return tuple(dict.fromkeys(s.phase for s in self.steps if s.script and s.state not in settled))
