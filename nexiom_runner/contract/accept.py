"""`nexiom expect --accept`: which phase answers for an object, and its phase.yml with the live object written in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nexiom_runner.catalog.model import Catalog, Function, Name
from nexiom_runner.catalog.names import shown
from nexiom_runner.contract.edit import revise
from nexiom_runner.contract.live import Right, function_fields, table_fields
from nexiom_runner.contract.tree import Fields, Items, Tree
from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.in_force import input_types
from nexiom_runner.project.model import FunctionExpectation, Phase, Project
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.results import Outcome, Result
from nexiom_runner.tree import Mapping as YamlMapping
from nexiom_runner.tree import Sequence as YamlSequence


@dataclass(frozen=True, slots=True)
class Edit:
    """A file of the project before and after; `before` is None where there was none."""

    path: str
    before: str | None
    after: str


def read_names(objects: Iterable[str]) -> tuple[Name, ...]:
    """Names as the user types them: `leads`, `crm.leads`. Raises UsageError."""
    names, faults = [], []
    for text in objects:
        try:
            names.append(parse_name(text.split("(")[0]))
        except NotUnderstood as problem:
            faults.append(Fault(f'"{text}" is not {problem}'))
    if faults:
        raise UsageError(*faults)
    return tuple(names)


def accept(
    catalog: Catalog,
    project: Project,
    objects: Sequence[Name],
    *,
    phase: str | None = None,
    creators: Mapping[Name, str] | None = None,
    results: Collection[Result] = (),
) -> tuple[Edit, ...]:
    """The phase.yml files with the live objects written in; writes nothing itself.

    An object goes to `phase`, else to the last phase that states it, else to the one whose script creates it
    (`creators`). What `results` of an audit found to be so stays as it is written, and so do calls, results,
    reasons and comments. Raises UsageError with every object that is not there or that no phase answers for.
    """
    right = {(one.place, one.attribute or "") for one in results if one.outcome is Outcome.PASS and one.place}
    faults: list[Fault] = []
    texts: dict[str, str] = {}
    for name in objects:
        chosen = _phase_of(name, catalog, project, phase, creators or {}, faults)
        if chosen is None:
            continue
        path = f"{chosen.path}/phase.yml"
        text = texts.get(path, chosen.settings.text if chosen.settings else "")
        try:
            texts[path] = _write(text, path, name, catalog, chosen, right)
        except UsageError as error:
            faults.extend(error.faults)
    if faults:
        raise UsageError(*faults)
    before = {f"{one.path}/phase.yml": one.settings.text for one in project.phases if one.settings}
    return tuple(Edit(path, before.get(path), text) for path, text in texts.items() if before.get(path) != text)


def _phase_of(
    name: Name,
    catalog: Catalog,
    project: Project,
    phase: str | None,
    creators: Mapping[Name, str],
    faults: list[Fault],
) -> Phase | None:
    if name not in catalog.tables and name not in catalog.functions:
        near = [shown(other) for kind in ("table", "function") for other in catalog.nearby.get(kind, ())]
        faults.append(
            Fault(f'no table or function "{shown(name)}" in the database', hint=did_you_mean(shown(name), near))
        )
        return None
    phases = {one.name: one for one in project.phases}
    if phase is not None:
        if phase not in phases:
            faults.append(Fault(f'unknown phase "{phase}"', hint=did_you_mean(phase, phases)))
        return phases.get(phase)
    stating = [one for one in project.phases if name in _named(one)]
    if stating:
        return stating[-1]
    if creators.get(name) in phases:
        return phases[creators[name]]
    message = f'no phase answers for "{shown(name)}": none states it and no script creates it'
    faults.append(Fault(message, hint="Say which with --phase."))
    return None


def _named(phase: Phase) -> set[Name]:
    tables = {(one.schema, one.name) for one in phase.tables}
    return tables | {(one.schema, one.name) for one in phase.functions}


def _write(text: str, path: str, name: Name, catalog: Catalog, phase: Phase, right: Right) -> str:
    if name in catalog.tables:
        stated = next((one for one in phase.tables if (one.schema, one.name) == name), None)
        text = _revised(text, path, "tables", name, table_fields(catalog.tables[name], stated, right))
    if name in catalog.functions:
        functions = [one for one in phase.functions if (one.schema, one.name) == name]
        node = _object_node(text, path, "functions", name)
        tree = _overloads(name, catalog.functions[name], functions, node, right)
        text = _revised(text, path, "functions", name, tree)
    return text


def _overloads(
    name: Name,
    live: Sequence[Function],
    stated: Sequence[FunctionExpectation],
    node: object,
    right: Right,
) -> Tree:
    if isinstance(node, YamlSequence):
        changed = {at: _pair(one, live) for at, one in enumerate(stated)}
        taken = [function for function in changed.values() if function is not None]
        added = tuple(function_fields(one, None, right) for one in live if one not in taken)
        return Items({at: function_fields(one, stated[at], right) for at, one in changed.items() if one}, added)
    if len(live) == 1:
        return function_fields(live[0], stated[0] if stated else None, right)
    if not isinstance(node, YamlMapping):
        return Items({}, tuple(function_fields(one, None, right) for one in live))
    message = f'function "{shown(name)}" has {len(live)} overloads, and {stated[0].place} states one'
    raise UsageError(Fault(message, stated[0].place, hint="Write a list under its name, one item an overload."))


def _pair(stated: FunctionExpectation, live: Sequence[Function]) -> Function | None:
    """The live overload with the types stated."""
    types = input_types(stated.arguments) if stated.arguments is not None else None
    return next((one for one in live if tuple(argument.type for argument in one.inputs) == types), None)


def _revised(text: str, path: str, section: str, name: Name, tree: Tree) -> str:
    root = read_tree(text, path, [])
    assert isinstance(root, YamlMapping)
    key = _key_of(root, section, name) or shown(name)
    return revise(text, root, Fields({"expect": Fields({section: Fields({key: tree})})}))


def _object_node(text: str, path: str, section: str, name: Name) -> object:
    root = read_tree(text, path, [])
    objects = _objects(root, section)
    key = _key_of(root, section, name)
    return objects.get(key) if objects is not None and key is not None else None


def _objects(root: object, section: str) -> YamlMapping | None:
    expect = root.get("expect") if isinstance(root, YamlMapping) else None
    objects = expect.get(section) if isinstance(expect, YamlMapping) else None
    return objects if isinstance(objects, YamlMapping) else None


def _key_of(root: object, section: str, name: Name) -> str | None:
    """The key that names the object, however it is written."""
    objects = _objects(root, section)
    return next((key.text for key, _ in objects.entries if parse_name(key.text) == name), None) if objects else None
