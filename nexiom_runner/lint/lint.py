"""Every rule that can look: over the scripts, over what would run, over the catalog of an open target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nexiom_runner.database.session import Session
from nexiom_runner.graph.model import Graph
from nexiom_runner.lint.catalog import Blind, Looked, look
from nexiom_runner.lint.intent import read_intent
from nexiom_runner.lint.judge import judge
from nexiom_runner.lint.places import Places
from nexiom_runner.lint.rule import CATALOG, Rule, all_rules, levels_of, rules_of
from nexiom_runner.project.model import Project
from nexiom_runner.results import Kind, Outcome, Result


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of it, and what was looked at."""

    results: tuple[Result, ...]
    rules: tuple[Rule, ...]  # that looked
    objects: Mapping[str, int] = field(default_factory=dict)  # by kind, in the catalog


@dataclass(frozen=True, slots=True)
class Target:
    """An open target to look at: what is applied there."""

    session: Session
    applied: Sequence[str]
    pending: Sequence[str] = ()


def lint(
    project: Project, graph: Graph, target: Target | None, today: date, *, unreachable: str | None = None
) -> Linted:
    """All that the rules find, errors first; without a target the rules that need one are SKIP, with why.

    Read-only. Raises ProjectError where nexiom.yml names a rule that is none, and UnavailableError.
    """
    levels = levels_of((one.rule.value, one.level) for one in project.rules)
    looking = rules_of(CATALOG, levels)
    phases = tuple(graph.phases) if target is None else tuple(target.applied)
    intent = read_intent(project, phases)
    looked = look(target.session, looking, project.schemas) if target is not None else Looked((), (), {})
    found = [one for one in looked.found if not intent.silences(one)]
    whole = {rule.id for rule in looking} if target is not None and not target.pending else frozenset[str]()
    results = judge(found, project, Places(graph.scripts), levels, today, whole)
    notes = [*_blind(looked.blind), *_missing(looked.missing)]
    notes += _pending(target.pending) if target is not None else ()
    if target is None:
        notes.append(_skipped(f"{len(looking)} rules on the catalog", unreachable or "no server was asked"))
    blind = {one.rule for one in looked.blind}
    seeing = tuple(rule for rule in looking if rule.id not in blind) if target is not None else ()
    return Linted((*results, *notes), seeing, looked.objects)


def _blind(blind: Iterable[Blind]) -> Iterable[Result]:
    for one in blind:
        subject = all_rules()[one.rule].title if one.rule in all_rules() else "the number of objects"
        yield Result(Outcome.ERROR, Kind.LINT, None, subject, attribute=one.rule, message=one.message, fix=one.fix)


def _missing(schemas: Iterable[str]) -> Iterable[Result]:
    for schema in schemas:
        yield _skipped(f"schema {schema}", "it is not there")


def _pending(phases: Iterable[str]) -> Iterable[Result]:
    for phase in phases:
        yield _skipped(f"phase {phase}", "it is not applied, so that the catalog does not have its objects")


def _skipped(subject: str, why: str) -> Result:
    return Result(Outcome.SKIP, Kind.LINT, None, subject, message=why)
