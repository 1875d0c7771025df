"""Names in one file of a project that another must know: phases, targets, secrets."""

from collections.abc import Iterator
from dataclasses import replace

from nexiom_runner.errors import Fault, with_source
from nexiom_runner.project.call_references import check_call_references
from nexiom_runner.project.in_force import ObjectKey, results_in_force
from nexiom_runner.project.model import Phase, Project, ResultOf, Source, Text
from nexiom_runner.project.names import nearest, unknown, width
from nexiom_runner.tree import Scalar


def check_references(project: Project, faults: list[Fault], *, settings_stand: bool) -> None:
    """Faults for unknown phases, and where nexiom.yml itself stands, for unknown targets and unlisted secrets."""
    names = [phase.name for phase in project.phases]
    for phase in project.phases:
        if phase.settings is not None:
            _add(_needs(phase, names), phase.settings, faults)
            if settings_stand:
                _add(_settings_names(phase, project), phase.settings, faults)
    _check_renames(project.phases, faults)
    _check_results(project, faults)
    check_call_references(project, faults, settings_stand=settings_stand)
    checks = [(audit.phase, audit.source) for audit in project.audits]
    checks += [(test.phase, test.source) for test in project.sql_tests]
    for named, source in checks:
        if named is not None and named.value not in names:
            _add(iter((unknown("phase", _scalar(named), names, "in the first lines"),)), source, faults)


def _add(found: Iterator[Fault], source: Source, faults: list[Fault]) -> None:
    faults.extend(with_source(fault, source.text) for fault in found)


def _scalar(text: Text) -> Scalar:
    return Scalar(text.value, text.place)


def _needs(phase: Phase, names: list[str]) -> Iterator[Fault]:
    for need in phase.needs:
        if need.value == phase.name:
            yield Fault(f'phase "{phase.name}" needs itself', need.place, width=len(need.value), hint="Take it out.")
        elif need.value not in names:
            yield unknown("phase", _scalar(need), names, 'in "needs"')


def _check_renames(phases: tuple[Phase, ...], faults: list[Fault]) -> None:
    first: dict[str, Phase] = {phase.name: phase for phase in phases}
    for phase in phases:
        if phase.renamed_from is None or phase.settings is None:
            continue
        old = phase.renamed_from
        before = first.setdefault(old.value, phase)
        if before is not phase or old.value == phase.name:
            _add(iter((_taken(phase, old, before),)), phase.settings, faults)


def _check_results(project: Project, faults: list[Fault]) -> None:
    """Columns of SQL tests that ask for the shape of a function: exactly one function states it."""
    asked = [
        (test, shape)
        for test in project.sql_tests
        for statement in test.statements
        for _, shape in statement.columns
        if isinstance(shape, ResultOf)
    ]
    stated = results_in_force(project, [phase.name for phase in project.phases]) if asked else {}
    for test, shape in asked:
        if test.settings is not None:
            _add(_result_of(shape, list(stated)), test.settings, faults)


def _result_of(shape: ResultOf, stated: list[ObjectKey]) -> Iterator[Fault]:
    found = [key for key in stated if (key.schema, key.name) == (shape.schema, shape.name)]
    name = _dotted(shape.schema, shape.name)
    if not found:
        close = nearest(name, [_dotted(key.schema, key.name) for key in stated])
        hint = f'Did you mean "{close}"?' if close else f"State it in a phase.yml: expect.functions.{name}.result."
        yield Fault(f'no phase states what function "{name}" returns', shape.place, width=len(name), hint=hint)
    elif len(found) > 1:
        overloads = " and ".join(f"{name}({', '.join(key.types or ())})" for key in found)
        message = f'"{name}" is {overloads}'
        hint = "The name does not tell which is meant; write the shape itself."
        yield Fault(message, shape.place, width=len(name), hint=hint)


def _dotted(schema: str, name: str) -> str:
    return name if schema == "public" else f"{schema}.{name}"


def _taken(phase: Phase, old: Text, before: Phase) -> Fault:
    if old.value == phase.name:
        message = f'phase "{phase.name}" is renamed from itself'
        hint = "Take `renamed_from` out."
    elif before.name == old.value:
        message = f'phase "{phase.name}" cannot be renamed from "{old.value}", which is still there'
        hint = f'Rename the folder "{before.path}", or take `renamed_from` out.'
    else:
        message = f'phases "{before.name}" and "{phase.name}" are both renamed from "{old.value}"'
        hint = "One of them keeps its history; take `renamed_from` out of the other."
    return Fault(message, old.place, width=width(_scalar(old)), hint=hint)


def _settings_names(phase: Phase, project: Project) -> Iterator[Fault]:
    for function in phase.functions:
        for call in function.calls:
            where = f'in call "{call.name}" of function "{function.name}"'
            for name in call.on:
                if name not in project.targets:
                    fault = unknown("target", Scalar(name, call.place), project.targets, where)
                    yield replace(fault, width=len(call.name))
