"""Every rule that can look: over the scripts, over what would run, over the catalog of an open target."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.graph.model import Graph
from nexiom_runner.lint.catalog import Blind, Looked, look
from nexiom_runner.lint.check_bodies import check_bodies
from nexiom_runner.lint.hazards import find_hazards
from nexiom_runner.lint.intent import read_intent
from nexiom_runner.lint.judge import judge
from nexiom_runner.lint.moves import LOCK_TIMEOUT, read_facts
from nexiom_runner.lint.places import Places, spot
from nexiom_runner.lint.rule import CATALOG, PLAN, SCRIPTS, SERVER, Found, Rule, all_rules, levels_of, rules_of
from nexiom_runner.lint.scripts import find_in_scripts
from nexiom_runner.lint.texts import Texts, read_texts
from nexiom_runner.plan.model import Plan
from nexiom_runner.project.in_force import results_in_force
from nexiom_runner.project.model import Limits, Project
from nexiom_runner.results import Kind, Outcome, Result
from nexiom_runner.sql.trees import can_parse

UNSTATED = Limits()
FEW = 5  # phases that are named one by one
NO_PARSER = "pgparse has no wheel for this platform"
ON_A_SERVER = frozenset({"schema-cache-stale"})  # of no interest where no PostgREST will ever look


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of it, and what was looked at."""

    results: tuple[Result, ...]
    rules: tuple[Rule, ...]  # that looked
    objects: Mapping[str, int] = field(default_factory=dict)  # by kind, in the catalog
    unparsed: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """An open target to look at: what is applied there and what would run."""

    session: Session
    applied: Sequence[str]
    plan: Plan
    limits: Limits = UNSTATED
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """What one sort of rules found, which of them looked, and what is to be said of the others."""

    found: Sequence[Found] = ()
    rules: Sequence[Rule] = ()
    notes: Sequence[Result] = ()
    objects: Mapping[str, int] = field(default_factory=dict)


def lint(
    project: Project, graph: Graph, target: Target | None, today: date, *, unreachable: str | None = None
) -> Linted:
    """All that the rules find, errors first; what could not look is SKIP or ERROR, with why and what would help.

    Read-only, in a number of round trips that does not depend on the number of objects. Raises UnavailableError.
    """
    levels = levels_of((one.rule.value, one.level) for one in project.rules)
    texts = _read(project, graph)
    parts = [_on_scripts(texts, levels)]
    if target is None:
        parts.append(_without_server(levels, unreachable or "no server was asked"))
    else:
        parts += [
            _on_plan(project, target, levels),
            _on_catalog(project, target, levels),
            _on_server(project, target, levels),
        ]
    pending = target is None or bool(target.plan.unapplied)
    whole = {rule.id for part in parts for rule in part.rules if rule.looks_at == SCRIPTS or not pending}
    found = [one for part in parts for one in part.found]
    results = judge(found, project, Places(graph.scripts), levels, today, whole)
    return Linted(
        (*results, *(note for part in parts for note in part.notes)),
        tuple(rule for part in parts for rule in part.rules),
        {kind: number for part in parts for kind, number in part.objects.items()},
        len(texts.unread),
    )


def _read(project: Project, graph: Graph) -> Texts:
    stated = {(phase.name, one.schema, one.name) for phase in project.phases for one in phase.functions}
    return read_texts(graph.scripts, results_in_force(project, tuple(graph.phases)), frozenset(stated))


def _on_scripts(texts: Texts, levels: Mapping[str, str]) -> _Part:
    rules = rules_of(SCRIPTS, levels)
    if not can_parse():
        return _Part(notes=[_skipped(f"{len(rules)} rules on the scripts", NO_PARSER)])
    return _Part(tuple(find_in_scripts(texts, {rule.id for rule in rules})), rules, tuple(_unread(texts)))


def _unread(texts: Texts) -> Iterator[Result]:
    for script, statement, reason in texts.unread:
        at = spot(script, statement.head, 1)
        yield Result(
            Outcome.UNPARSED,
            Kind.LINT,
            script.phase,
            statement.label or "statement",
            attribute="unparsed",
            place=at.place,
            message=f"no analyser can read it: {reason}",
            excerpt=at.excerpt,
        )


def look_at_plan(project: Project, target: Target, levels: Mapping[str, str]) -> tuple[tuple[Found, ...], str | None]:
    """What the rules find in the statements that would run, or why they cannot look."""
    if not can_parse():
        return (), NO_PARSER
    try:
        facts = read_facts(target.session, target.plan)
    except ServerError as error:
        return (), f"the sizes of tables cannot be read: {error.report.message}"
    timeouts = {phase.name: _lock_timeout(phase.limits, target.limits) for phase in project.phases}
    return tuple(find_hazards(target.plan, facts, {rule.id for rule in _for_plan(target, levels)}, timeouts)), None


def _for_plan(target: Target, levels: Mapping[str, str]) -> list[Rule]:
    return [rule for rule in rules_of(PLAN, levels) if not (target.embedded and rule.id in ON_A_SERVER)]


def _on_plan(project: Project, target: Target, levels: Mapping[str, str]) -> _Part:
    rules = _for_plan(target, levels)
    found, could_not = look_at_plan(project, target, levels)
    if could_not is None:
        return _Part(found, rules)
    outcome = Outcome.SKIP if could_not == NO_PARSER else Outcome.ERROR
    return _Part(notes=[Result(outcome, Kind.LINT, None, f"{len(rules)} rules on the plan", message=could_not)])


def _lock_timeout(*limits: Limits) -> int:
    stated = (one.lock_timeout for one in limits if one.lock_timeout is not None)
    return next(stated, LOCK_TIMEOUT)


def _on_catalog(project: Project, target: Target, levels: Mapping[str, str]) -> _Part:
    rules = rules_of(CATALOG, levels)
    intent = read_intent(project, target.applied)
    looked = look(target.session, rules, project.schemas)
    blind = {one.rule for one in looked.blind}
    return _Part(
        tuple(one for one in looked.found if not intent.silences(one)),
        tuple(rule for rule in rules if rule.id not in blind),
        (*_blind(looked), *_missing(looked), *_pending(target.plan)),
        looked.objects,
    )


def _on_server(project: Project, target: Target, levels: Mapping[str, str]) -> _Part:
    rules = rules_of(SERVER, levels)
    if not rules:
        return _Part()
    checked = check_bodies(target.session, project.schemas)
    if isinstance(checked, str):
        return _Part(notes=[_skipped("plpgsql_check", checked)])
    if isinstance(checked, Blind):
        return _Part(notes=[_cannot(checked)])
    return _Part(checked, rules)


def _without_server(levels: Mapping[str, str], why: str) -> _Part:
    numbers = {kind: len(rules_of(kind, levels)) for kind in (CATALOG, PLAN, SERVER)}
    kinds = {CATALOG: f"{numbers[CATALOG]} rules on the catalog", PLAN: f"{numbers[PLAN]} rules on the plan"}
    kinds |= {SERVER: "plpgsql_check"} if numbers[SERVER] else {}
    return _Part(notes=[_skipped(what, why) for what in kinds.values()])


def _blind(looked: Looked) -> Iterable[Result]:
    return map(_cannot, looked.blind)


def _cannot(blind: Blind) -> Result:
    subject = all_rules()[blind.rule].title if blind.rule in all_rules() else "the number of objects"
    return Result(Outcome.ERROR, Kind.LINT, None, subject, attribute=blind.rule, message=blind.message, fix=blind.fix)


def _missing(looked: Looked) -> Iterable[Result]:
    return (_skipped(f"schema {schema}", "it is not there") for schema in looked.missing)


def _pending(plan: Plan) -> Iterator[Result]:
    """What is not applied, by name while there are few."""
    names = plan.unapplied
    if len(names) > FEW:
        yield _skipped(
            f"{len(names)} phases from {names[0]} on", "they are not applied, so that the catalog has not their objects"
        )
    else:
        yield from (
            _skipped(f"phase {name}", "it is not applied, so that the catalog has not its objects") for name in names
        )


def _skipped(subject: str, why: str) -> Result:
    return Result(Outcome.SKIP, Kind.LINT, None, subject, message=why)
