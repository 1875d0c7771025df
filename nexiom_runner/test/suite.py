"""What is to be tested, as pieces: a call or a script each, which need no other and can be run in any order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nexiom_runner.project.in_force import CallInForce, ObjectKey, calls_in_force
from nexiom_runner.project.model import Project
from nexiom_runner.render.values import Values
from nexiom_runner.sql.script import Script
from nexiom_runner.test.calls import name_of
from nexiom_runner.test.reached import Shapes, shapes_in_force
from nexiom_runner.test.scripts import TestScript

NOT_APPLIED = "the phase is not applied"
LEFT_OUT = "another call says only"

Piece = CallInForce | TestScript


@dataclass(frozen=True, slots=True)
class Suite:
    """The calls in force of `phases`, and the project's scripts, with what all of them are held to.

    `every` are the calls of all phases applied, `calls` those of `phases`; `sources` the scripts applied, in order.
    """

    project: Project
    applied: Sequence[str]
    phases: Sequence[str]
    scripts: Sequence[TestScript]
    values: Values
    sources: Sequence[Script]
    every: tuple[CallInForce, ...]
    calls: tuple[CallInForce, ...]
    names: Mapping[ObjectKey, str]
    shapes: Shapes
    narrowed: bool = False  # a call says that it alone is to run

    def name(self, each: CallInForce) -> str:
        """What a function is called in results: with its types where the project calls overloads of it."""
        return self.names[each.key]

    def pieces(self) -> Iterator[Piece]:
        """All that is to run, in the order of its results."""
        for phase in self.phases:
            yield from (each for each in self.calls if each.phase == phase)
            yield from (script for script in self.scripts if script.phase == phase and self.refusal(script) is None)
        if self.looks_at_all:
            yield from (script for script in self.scripts if script.phase is None and self.refusal(script) is None)

    def refusal(self, script: TestScript) -> str | None:
        """Why a script is passed over; None where it runs."""
        if self.narrowed:
            return LEFT_OUT
        if script.phase is not None and script.phase not in self.applied:
            return NOT_APPLIED
        if script.phase is None and self.missing:
            return f"phase {self.missing[0]} is not applied"
        return f'"{self.values.target.name}" is protected' if self.values.target.protected else None

    @property
    def missing(self) -> list[str]:
        """The phases that are not applied."""
        return [phase.name for phase in self.project.phases if phase.name not in self.applied]

    @property
    def looks_at_all(self) -> bool:
        """Whether scripts that name no phase are of this look: behind the last phase applied once all are."""
        if self.missing:
            return {phase.name for phase in self.project.phases} <= set(self.phases)
        return bool(self.applied) and self.applied[-1] in self.phases


def make_suite(
    project: Project,
    applied: Sequence[str],
    phases: Sequence[str],
    scripts: Sequence[TestScript],
    values: Values,
    sources: Sequence[Script],
) -> Suite:
    """The suite of `phases` at the phases `applied` (in order of application); needs no database."""
    every = calls_in_force(project, applied)
    calls = tuple(each for each in every if each.phase in set(phases))
    shapes = shapes_in_force(project, applied, every, scripts)
    narrowed = any(each.call.only for each in every)
    return Suite(project, applied, phases, scripts, values, sources, every, calls, _names(calls), shapes, narrowed)


def _names(calls: Sequence[CallInForce]) -> dict[ObjectKey, str]:
    first = {each.key: each for each in reversed(calls)}
    plain = Counter((key.schema, key.name) for key in first)
    return {key: name_of(each, plain[key.schema, key.name] > 1) for key, each in first.items()}
