"""What the project states of its objects, and its own queries, phase by phase in the order given."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from nexiom_runner.audit.files import AuditFile, run_audit, skipped
from nexiom_runner.audit.hidden import Hidden
from nexiom_runner.audit.objects import cannot_look, compare, context_of, subject_of, wanted_of
from nexiom_runner.audit.read import read_catalog
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.project.in_force import Stated, in_force, object_keys
from nexiom_runner.project.model import Project
from nexiom_runner.results import Kind, Outcome, Result


def audit(
    session: Session,
    project: Project,
    applied: Sequence[str],
    phases: Sequence[str],
    files: Sequence[AuditFile],
    *,
    last: str | None = None,
) -> Iterator[Result]:
    """Results of `phases`, in their order, against what is in force at the phases `applied` (in order of application).

    Reads the catalog once, only the objects these phases answer for: a call for one phase costs its own objects.
    A phase that is not applied is SKIP. An audit that names no phase runs behind the phase that is complete `last`
    (the last one applied, unless said), once all are applied.
    Read-only, and leaves nothing behind; raises UnavailableError only.
    """
    objects = _objects(session, project, applied, phases)
    hidden = Hidden(project.schemas)
    complete = frozenset(applied)
    for phase in phases:
        if phase in complete:
            yield from objects.get(phase, ())
        else:
            yield from _not_applied(project, phase)
        yield from _files_of(session, phase, phase in complete, files, hidden)
    if looks_at_all(project, applied, phases, last):
        yield from _files_of_all(session, project, applied, files, hidden)


def not_audited(project: Project, missing: Sequence[str], files: Sequence[AuditFile]) -> Iterator[Result]:
    """SKIP for what the phases `missing`, which are not applied, would be audited for, and for the audits that wait
    for all phases. Asks the server nothing."""
    for phase in missing:
        yield from _not_applied(project, phase)
        for file in files:
            if file.audit.phase is not None and file.audit.phase.value == phase:
                yield skipped(file, phase, "the phase is not applied")
    for file in files if missing else ():
        if file.audit.phase is None:
            yield skipped(file, None, f"phase {missing[0]} is not applied")


def looks_at_all(project: Project, applied: Sequence[str], phases: Sequence[str], last: str | None = None) -> bool:
    """Whether a look at these phases is one at the whole: all are applied and the last is among them, or all are."""
    everything = {phase.name for phase in project.phases}
    if everything <= set(applied):
        return (last or applied[-1]) in phases if applied else False
    return everything <= set(phases)


def _objects(
    session: Session, project: Project, applied: Sequence[str], phases: Sequence[str]
) -> dict[str, list[Result]]:
    everything = in_force(project, applied, phases)
    stated = _in_order(everything, phases)
    if not stated:
        return {}
    try:
        catalog = read_catalog(session, wanted_of(stated))
        results = compare(session, catalog, stated, context_of(everything))
    except ServerError as error:
        results = cannot_look(stated, error)
    return {str(phase): list(group) for phase, group in groupby(results, key=lambda result: result.phase)}


def _in_order(stated: Sequence[Stated], phases: Sequence[str]) -> list[Stated]:
    """What these phases state, by phase, then by object in the order the phase names them."""
    rank = {phase: number for number, phase in enumerate(phases)}
    return sorted(
        (one for one in stated if one.phase in rank),
        key=lambda one: (rank[one.phase], one.place.line, one.place.column),
    )


def _not_applied(project: Project, phase: str) -> Iterator[Result]:
    for _, key, place in object_keys(project, [phase]):
        yield Result(Outcome.SKIP, Kind.OBJECT, phase, subject_of(key), place=place, message="the phase is not applied")


def _files_of(
    session: Session, phase: str, is_applied: bool, files: Sequence[AuditFile], hidden: Hidden
) -> Iterator[Result]:
    for file in files:
        if file.audit.phase is not None and file.audit.phase.value == phase:
            if is_applied:
                yield from run_audit(session, file, phase, hidden)
            else:
                yield skipped(file, phase, "the phase is not applied")


def _files_of_all(
    session: Session, project: Project, applied: Sequence[str], files: Sequence[AuditFile], hidden: Hidden
) -> Iterator[Result]:
    """Audits that name no phase; SKIP before all phases are applied."""
    complete = frozenset(applied)
    missing = next((phase.name for phase in project.phases if phase.name not in complete), None)
    for file in files:
        if file.audit.phase is not None:
            continue
        if missing is None:
            yield from run_audit(session, file, None, hidden)
        else:
            yield skipped(file, None, f"phase {missing} is not applied")
