"""The audits behind a rehearsed plan: what a copy can answer is answered, the rest is SKIP with the reason."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nexiom_runner.audit.audit import audit
from nexiom_runner.audit.files import AuditFile, skipped
from nexiom_runner.database.session import Session
from nexiom_runner.graph.model import Graph
from nexiom_runner.plan.model import Plan
from nexiom_runner.project.model import Project
from nexiom_runner.rehearse.model import Ground, RehearsedScript
from nexiom_runner.rehearse.restore import Missing
from nexiom_runner.rehearse.target import TargetFacts
from nexiom_runner.results import FAILING, Kind, Outcome, Result
from nexiom_runner.sql.lexer import identifier, lexemes, significant

_HOLDS_ROWS = "rpmfv"


@dataclass(frozen=True, slots=True)
class Audits:
    """What is audited, and against which ground. `empty` says that the copy lacks the target's rows."""

    project: Project
    graph: Graph
    files: Sequence[AuditFile]
    ground: Ground
    facts: TargetFacts
    empty: bool


def applied_after(plan: Plan, graph: Graph, scripts: Iterable[RehearsedScript]) -> list[str]:
    """The phases that are applied once the scripts have run, those that failed or waited left out, in order."""
    passed = {one.key for one in scripts if one.result.outcome is Outcome.PASS}
    short = {step.phase for step in plan.todo if step.key not in passed}
    begun = {step.phase for step in plan.todo}
    return [name for name in graph.phases if name not in short and (name in begun or name not in plan.unapplied)]


def audit_rehearsed(
    session: Session, audits: Audits, applied: Sequence[str], scripts: Iterable[RehearsedScript]
) -> Iterator[Result]:
    """Results of the phases that are applied after the rehearsal, as `audit` gives them.

    A check that fails where the ground deceives is SKIP: of a phase with a statement that could not be rehearsed, of
    an object that the copy lacks, over rows that it does not hold.
    """
    unsure = {one.phase: why for one in scripts for each in one.statements if (why := each.skipped) is not None}
    asked, unasked = _parted(audits)
    for file, table in unasked:
        phase = file.audit.phase.value if file.audit.phase is not None else None
        if phase is None or phase in applied:
            yield skipped(file, phase, f"it reads {table}, and the copy lacks the target's rows")
    last = max(applied, key=lambda name: audits.graph.complete_after[name], default=None)
    for result in audit(session, audits.project, applied, applied, asked, last=last):
        yield _doubted(result, audits, unsure)


def _parted(audits: Audits) -> tuple[list[AuditFile], list[tuple[AuditFile, str]]]:
    """The files that can be asked, and those that read tables with rows on the target, each with one of these."""
    if not audits.empty:
        return list(audits.files), []
    filled = {
        one.name: identity
        for identity, one in audits.facts.relations.items()
        if one.kind in _HOLDS_ROWS and (one.size.rows != 0 or one.kind == "v")
    }
    read = [(file, next((filled[word] for word in _words(file) if word in filled), None)) for file in audits.files]
    return [file for file, table in read if table is None], [(file, table) for file, table in read if table is not None]


def _words(file: AuditFile) -> Iterator[str]:
    return (identifier(piece) or "" for _, piece in significant(lexemes(file.rendered.text)))


def _doubted(result: Result, audits: Audits, unsure: Mapping[str, str]) -> Result:
    if result.outcome not in FAILING:
        return result
    why = _why(result, audits, unsure)
    if why is None:
        return result
    return replace(result, outcome=Outcome.SKIP, message=why, differences=(), fix=None, detail=None)


def _why(result: Result, audits: Audits, unsure: Mapping[str, str]) -> str | None:
    """Why a failing result says nothing of the target."""
    if result.phase is not None and result.phase in unsure:
        return f"not all of the phase was rehearsed: {unsure[result.phase]}"
    if (lacking := _lacking(result, audits.ground.missing)) is not None:
        return f"the copy has no {lacking}: {lacking.why}"
    if result.kind is Kind.AUDIT and result.outcome is Outcome.ERROR and audits.empty and _saw_nothing(result):
        return "it examined nothing, and the copy lacks the target's rows"
    return None


def _lacking(result: Result, missing: Collection[Missing]) -> Missing | None:
    words = set(result.subject.replace("(", " ").replace(".", " ").split())
    return next((one for one in missing if one.name.partition("(")[0].split(" ")[0] in words), None)


def _saw_nothing(result: Result) -> bool:
    return (result.message or "").startswith("examined nothing")
