"""What is in force of exposure: why a function is open, who accepted what it reaches, what is marked sensitive."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nexiom_runner.errors import Place
from nexiom_runner.project.in_force import ObjectKey, objects_stated
from nexiom_runner.project.model import FunctionExpectation, Project, TableExpectation, Text


@dataclass(frozen=True, slots=True)
class Declared:
    """What the phases applied say of a function; `phase` and `place` are where its exposure was stated last."""

    phase: str
    place: Place
    key: ObjectKey
    reason: Text | None = None
    accepted_by: Text | None = None
    until: Text | None = None
    security: str | None = None

    @property
    def says(self) -> bool:
        """Whether anything is declared of its exposure."""
        return self.reason is not None or self.accepted_by is not None


@dataclass(frozen=True, slots=True)
class Marked:
    """A table (`column` is "") or a column that is marked sensitive, and where."""

    phase: str
    place: Place
    schema: str
    table: str
    column: str
    reason: str | None


def declared_in_force(project: Project, applied: Sequence[str]) -> dict[ObjectKey, Declared]:
    """Every function that a phase applied states, with what it says last of its exposure.

    Who accepts states its last day with it: one stated without a day holds without one.
    """
    found: dict[ObjectKey, Declared] = {}
    for phase, key, expectation in objects_stated(project, applied):
        if not isinstance(expectation, FunctionExpectation):
            continue
        if expectation.absent:
            found = {other: one for other, one in found.items() if other[:3] != key[:3]}
            continue
        found[key] = _restated(found.get(key), phase.name, key, expectation)
    return found


def marked_in_force(project: Project, applied: Sequence[str]) -> tuple[Marked, ...]:
    """Every table and column that is marked sensitive and of which no later phase takes that back."""
    found: dict[tuple[str, str, str], Marked] = {}
    for phase, key, expectation in objects_stated(project, applied):
        if not isinstance(expectation, TableExpectation):
            continue
        if expectation.absent:
            found = {slot: one for slot, one in found.items() if slot[:2] != key[1:3]}
        for mark in expectation.sensitive:
            found.pop((key.schema, key.name, mark.column), None)
            if mark.marked:
                one = Marked(phase.name, mark.place, key.schema, key.name, mark.column, mark.reason)
                found[key.schema, key.name, mark.column] = one
    return tuple(found.values())


def _restated(held: Declared | None, phase: str, key: ObjectKey, stated: FunctionExpectation) -> Declared:
    said = held or Declared(phase, stated.place, key)
    if stated.security is not None:
        said = replace(said, security=stated.security.value)
    if stated.reason is not None:
        said = replace(said, phase=phase, place=stated.reason.place, reason=stated.reason)
    if stated.accepted_by is not None:
        said = replace(said, phase=phase, accepted_by=stated.accepted_by, until=stated.until)
        said = replace(said, place=stated.place if stated.reason is None else said.place)
    return said
