"""From findings to results: the project's levels, what phases declare, what is waived, each at its place."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from nexiom_runner.catalog.names import quoted, shown, told
from nexiom_runner.errors import Fault, ProjectError, with_source
from nexiom_runner.lint.places import Places, Spot
from nexiom_runner.lint.rule import Found, all_rules
from nexiom_runner.project.model import Project, Text, Waiver
from nexiom_runner.project.names import did_you_mean, nearest
from nexiom_runner.render.rendered import source_line
from nexiom_runner.results import Kind, Outcome, Result

OUTCOMES = {"error": Outcome.FAIL, "warn": Outcome.WARN}


def check_settings(project: Project) -> None:
    """Raises ProjectError for rules and waivers of nexiom.yml that name no rule."""
    named = [*(one.rule for one in project.rules), *(one.rule for one in project.waivers)]
    faults = [_unknown(text, project) for text in named if text.value not in all_rules()]
    if faults:
        raise ProjectError(*faults)


def judge(
    found: Iterable[Found],
    project: Project,
    places: Places,
    levels: Mapping[str, str],
    today: date,
    whole: Collection[str],
) -> list[Result]:
    """A result for each finding: FAIL or WARN by its rule's level, PASS with the reason where it is waived.

    A waiver that has expired is FAIL beside what it no longer silences; one that silences nothing is WARN, where its
    rule is among those that saw the `whole`.
    """
    results: list[Result] = []
    used: set[int] = set()
    stated = {one.rule.value for one in project.rules}
    holding = {number: waiver for number, waiver in enumerate(project.waivers) if not _expired(waiver, today)}
    for one in found:
        level = levels[one.rule] if one.rule in stated else one.level or levels[one.rule]
        result = _result(one, places, level)
        waiving = next((n for n, waiver in holding.items() if _covers(waiver, one.rule, result.subject)), None)
        if waiving is not None:
            used.add(waiving)
            result = _waived(result, holding[waiving])
        results.append(result)
    results.sort(key=_order)
    return [*results, *_of_waivers(project, used, results, whole, today)]


def subject_of(found: Found) -> str:
    """What a finding's object is called: `table crm.leads`, `policy leads_read on leads`, `function f(integer)`."""
    schema = found.schema or "public"
    if found.relation is not None:
        return f"{found.kind} {quoted(found.name)} on {shown((schema, found.relation))}"
    if found.kind in ("default privileges", "statement"):
        return f"{found.kind} {found.name}"
    name = quoted(found.name) if found.schema is None else shown((schema, found.name))
    types = "" if found.types is None else f"({told(found.types)})"
    return f"{found.kind} {name}{types}"


def _result(found: Found, places: Places, level: str) -> Result:
    spot: Spot | None
    if found.script is not None:
        spot = places.at(found.script, found.offset, found.width)
    else:
        spot = places.of(found.kind, found.schema, found.name, found.relation, found.types)
    result = Result(
        OUTCOMES[level],
        Kind.LINT,
        spot.phase if spot else None,
        subject_of(found),
        attribute=found.rule,
        message=found.message,
        fix=found.fix,
    )
    if spot is None:
        return result
    return replace(result, place=spot.place, excerpt=spot.excerpt, width=spot.width)


def _expired(waiver: Waiver, today: date) -> bool:
    return date.fromisoformat(waiver.until) < today


def _covers(waiver: Waiver, rule: str, subject: str) -> bool:
    pattern = waiver.object.value.replace("[", "[[]").replace("?", "[?]")
    return waiver.rule.value == rule and fnmatchcase(subject, pattern)


def _waived(result: Result, waiver: Waiver) -> Result:
    return replace(
        result,
        outcome=Outcome.PASS,
        owner=waiver.owner,
        until=waiver.until,
        detail=f"waived: {waiver.reason}",
    )


def _of_waivers(
    project: Project, used: Collection[int], results: Sequence[Result], whole: Collection[str], today: date
) -> Iterator[Result]:
    for number, waiver in enumerate(project.waivers):
        if _expired(waiver, today):
            message = f"the waiver of {waiver.rule.value} expired on {waiver.until} ({waiver.owner}: {waiver.reason})"
            fix = "mend what it waives, or have its owner set another day"
            yield _of_waiver(Outcome.FAIL, waiver, project, message, fix)
        elif number not in used and waiver.rule.value in whole:
            near = nearest(waiver.object.value, [one.subject for one in results if one.attribute == waiver.rule.value])
            fix = f'did you mean "{near}"?' if near else "take it out"
            message = f"{waiver.rule.value} does not find this: nothing is waived"
            yield _of_waiver(Outcome.WARN, waiver, project, message, fix)


def _of_waiver(outcome: Outcome, waiver: Waiver, project: Project, message: str, fix: str) -> Result:
    place = waiver.object.place
    return Result(
        outcome,
        Kind.LINT,
        None,
        waiver.object.value,
        attribute="waiver",
        place=place,
        message=message,
        fix=fix,
        excerpt=source_line(project.settings.text, place.line),
        width=len(waiver.object.value),
        owner=waiver.owner,
        until=waiver.until,
    )


def _order(result: Result) -> tuple[object, ...]:
    """Errors first, then by file and line; what has no place comes last."""
    rank = {Outcome.FAIL: 0, Outcome.WARN: 1}.get(result.outcome, 2)
    place = (1, "", 0, 0) if result.place is None else (0, result.place.path, result.place.line, result.place.column)
    return (rank, *place, result.subject, result.attribute or "")


def _unknown(text: Text, project: Project) -> Fault:
    hint = did_you_mean(text.value, all_rules()) or "`nexiom lint --rules` lists them."
    fault = Fault(f'unknown rule "{text.value}" in "nexiom.yml"', text.place, width=len(text.value), hint=hint)
    return with_source(fault, project.settings.text)
