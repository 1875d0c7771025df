"""`nexiom test --mutate`: break one thing at a time on a copy, and see whether a check notices."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nexiom_runner.apply.look import read_plan
from nexiom_runner.commands.checking import Checks, audits_on, creators, prepare_checks
from nexiom_runner.commands.opened import Opened, open_prepared
from nexiom_runner.commands.prepared import Prepared
from nexiom_runner.commands.request import Request
from nexiom_runner.database.copies import Copies, copies_of
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, RunError, ServerError, UnavailableError
from nexiom_runner.graph.select import select_phases
from nexiom_runner.mutate.find import find_mutants
from nexiom_runner.mutate.mutant import Mutant
from nexiom_runner.project.in_force import object_keys
from nexiom_runner.report.words import count, duration
from nexiom_runner.results import FAILING, Result
from nexiom_runner.test.reached import Reached
from nexiom_runner.test.test import test

ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Trial:
    """The checks of a project as they are run on a copy with one thing broken."""

    opened: Opened
    checks: Checks
    applied: Sequence[str]
    today: date

    def results(self, session: Session, phases: Sequence[str]) -> Iterator[Result]:
        """Audits of these phases, then their calls and scripts."""
        yield from audits_on(session, self.opened, self.checks, self.applied, phases, self.today)
        yield from test(
            session,
            self.opened.project,
            self.applied,
            phases,
            self.checks.scripts,
            values=self.opened.values,
            today=self.today,
            reached=Reached(),
            sources=(),
        )

    def notices(self, session: Session, first: Sequence[str]) -> bool:
        """Whether a check fails; those of the phases that speak of the object come `first`."""
        rest = [name for name in self.applied if name not in first]
        try:
            return any(
                result.outcome in FAILING
                for phases in (first, rest)
                if phases
                for result in self.results(session, phases)
            )
        except (ServerError, UnavailableError):
            return True


@dataclass(slots=True)
class Count:
    """What became of the mutants so far."""

    noticed: int = 0
    unmade: int = 0
    survivors: int = 0

    @property
    def percent(self) -> float:
        """Of those that could be made, how many were noticed."""
        made = self.noticed + self.survivors
        return 100 * self.noticed / made if made else ENOUGH


def mutate(
    request: Request, prepared: Prepared, select: Sequence[str], exclude: Sequence[str], least: int | None
) -> int:
    """0, or 1 where less than `least` percent were noticed. The target's own database is not touched.

    Raises TargetError where its database cannot be copied, RunError where a check fails already.
    """
    begun = time.monotonic()
    checks = prepare_checks(prepared)
    with open_prepared(request, prepared) as opened:
        chosen = select_phases(opened.graph, opened.project, select, exclude)
        plan, _ = read_plan(opened.place, opened.project.name, opened.graph)
        applied = opened.applied(plan)
        speaking = _speaking(opened, applied)
        trial = Trial(opened, checks, applied, request.today)
        found = find_mutants(opened.session, opened.project.schemas)
        mutants = [one for one in found if chosen & set(speaking.get((one.schema, one.name), applied))]
        with copies_of(opened.place) as copies:
            _refuse_failing(trial, copies)
            counted = _try_all(request, trial, copies, mutants, speaking)
    seconds = duration(time.monotonic() - begun)
    request.say(_summary(counted, seconds))
    return int(least is not None and counted.percent < least)


def _speaking(opened: Opened, applied: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """The phases that state or create what has this name, in order."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for name, phase in creators(opened.graph).items():
        found.setdefault(name, {})[phase] = None
    for phase, key, _ in object_keys(opened.project, applied):
        found.setdefault((key.schema, key.name), {})[phase] = None
    return {name: [phase for phase in applied if phase in phases] for name, phases in found.items()}


def _refuse_failing(trial: Trial, copies: Copies) -> None:
    with copies.copy() as copy, copy.connect() as session:
        failing = next((one for one in trial.results(session, trial.applied) if one.outcome in FAILING), None)
    if failing is not None:
        raise RunError(
            Fault(
                f"{failing.subject} fails before anything is changed",
                failing.place,
                state="Nothing was changed.",
                hint="`nexiom build` says why; what fails already notices nothing.",
            )
        )


def _try_all(
    request: Request,
    trial: Trial,
    copies: Copies,
    mutants: Sequence[Mutant],
    speaking: dict[tuple[str, str], list[str]],
) -> Count:
    counted = Count()
    for number, mutant in enumerate(mutants, start=1):
        request.console.working(f"change {number} of {len(mutants)}: {mutant.object} {mutant.what}")
        with copies.copy() as copy, copy.connect() as session:
            try:
                session.send(mutant.statement)
            except ServerError:
                counted.unmade += 1
                continue
            if trial.notices(session, speaking.get((mutant.schema, mutant.name), [])):
                counted.noticed += 1
            else:
                counted.survivors += 1
                _tell(request, trial, mutant, speaking)
    return counted


def _tell(request: Request, trial: Trial, mutant: Mutant, speaking: dict[tuple[str, str], list[str]]) -> None:
    phases = speaking.get((mutant.schema, mutant.name), [])
    paths = {phase.name: phase.path for phase in trial.opened.project.phases}
    where = f"{paths[phases[-1]]}/phase.yml" if phases else "phase.yml"
    request.say(f"SURVIVED  {mutant.object} {mutant.what}")
    request.say(f"          missing in {where}: {mutant.missing}")


def _summary(counted: Count, seconds: str) -> str:
    made = counted.noticed + counted.survivors
    unmade = f"; {count(counted.unmade, 'change')} the server refused" if counted.unmade else ""
    return (
        f"{counted.noticed} of {count(made, 'change')} noticed ({counted.percent:.0f} %), "
        f"{counted.survivors} survived{unmade}   in {seconds}"
    )
