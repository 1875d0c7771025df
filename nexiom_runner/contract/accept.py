"""`nexiom expect --accept`: which phase answers for an object, and its phase.yml with the live object written in."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nexiom_runner.catalog.model import Catalog, Function, Name, Row
from nexiom_runner.catalog.names import quoted, shown
from nexiom_runner.contract.edit import revise
from nexiom_runner.contract.kinds import WRITERS, Rows, object_tree
from nexiom_runner.contract.live import function_fields, table_fields
from nexiom_runner.contract.tree import Fields, Items, Right, Tree
from nexiom_runner.errors import Fault, ServerReport, UsageError
from nexiom_runner.project.grammar import NotUnderstood, parse_name
from nexiom_runner.project.in_force import ObjectKey, input_types
from nexiom_runner.project.model import FunctionExpectation, Phase, Project
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.results import Outcome, Result
from nexiom_runner.tree import Mapping as YamlMapping
from nexiom_runner.tree import Sequence as YamlSequence

BARE = frozenset({"schema", "role", "extension", "publication", "event trigger"})  # kinds of objects of no schema


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


def read_objects(objects: Iterable[str]) -> tuple[tuple[Name, ...], tuple[ObjectKey, ...]]:
    """Names of tables and functions, and objects of other kinds (`enum:mood`, `role:app`). Raises UsageError."""
    texts = list(objects)
    words = {kind.replace(" ", "_"): kind for kind in WRITERS}
    unknown = [text for text in texts if (word := _KIND.match(text)) and word[1] not in words]
    if unknown:
        raise UsageError(*(_unknown_kind(text, list(words)) for text in unknown))
    typed = [text for text in texts if text.partition(":")[0] in words]
    names = read_names(text for text in texts if text not in typed)
    return names, tuple(_key(words[word], name) for word, _, name in (text.partition(":") for text in typed))


def _unknown_kind(text: str, words: Sequence[str]) -> Fault:
    word, _, name = text.partition(":")
    if word in ("table", "function"):
        return Fault(f'unknown kind "{word}" in "{text}"', hint=f"Write {name}: tables and functions stand without it.")
    return Fault(f'unknown kind "{word}" in "{text}"', hint=did_you_mean(word, words) or f"Known: {', '.join(words)}.")


_KIND = re.compile(r"([a-z_]+):")


def _key(kind: str, text: str) -> ObjectKey:
    if kind == "default privileges":
        role, _, schema = text.partition(" in ")
        return ObjectKey(kind, schema, role)
    if kind in BARE:
        return ObjectKey(kind, "", text)
    return ObjectKey(kind, *read_names((text,))[0])


def accept(
    catalog: Catalog,
    project: Project,
    objects: Sequence[Name],
    *,
    phase: str | None = None,
    creators: Mapping[Name, str] | None = None,
    results: Collection[Result] = (),
    others: Sequence[ObjectKey] = (),
    everything: bool = False,
) -> tuple[Edit, ...]:
    """The phase.yml files with the live objects written in; writes nothing itself.

    An object goes to `phase`, else to the last phase that states it, else to the one whose script creates it
    (`creators`). What `results` of an audit found to be so stays as it is written, and so do calls, results,
    reasons and comments. `others` are objects of other kinds. Of a table that is stated already, constraints,
    triggers and policies are written where they are stated, or where `everything` is asked for. Raises UsageError
    with every object that is not there or that no phase answers for.
    """
    right = {(one.place, one.attribute or "") for one in results if one.outcome is Outcome.PASS and one.place}
    faults: list[Fault] = []
    texts: dict[str, str] = {}
    wanted: list[Name | ObjectKey] = [*objects, *others]
    for asked in wanted:
        chosen = _phase_of(asked, catalog, project, phase, creators or {}, faults)
        if chosen is None:
            continue
        path = f"{chosen.path}/phase.yml"
        text = texts.get(path, chosen.settings.text if chosen.settings else "")
        try:
            texts[path] = _write(text, path, asked, catalog, chosen, right, everything)
        except UsageError as error:
            faults.extend(error.faults)
    if faults:
        raise UsageError(*faults)
    before = {f"{one.path}/phase.yml": one.settings.text for one in project.phases if one.settings}
    return tuple(Edit(path, before.get(path), text) for path, text in texts.items() if before.get(path) != text)


def _phase_of(
    asked: Name | ObjectKey,
    catalog: Catalog,
    project: Project,
    phase: str | None,
    creators: Mapping[Name, str],
    faults: list[Fault],
) -> Phase | None:
    what, name = _told(asked), _name(asked)
    refused = catalog.rows.get(WRITERS[asked.kind].section) if isinstance(asked, ObjectKey) else None
    if isinstance(refused, ServerReport):
        faults.append(Fault(f"{what} cannot be looked at: {refused.message}"))
        return None
    if not _is_there(asked, catalog):
        kinds = (asked.kind,) if isinstance(asked, ObjectKey) else ("table", "function")
        near = [_dotted(other) for kind in kinds for other in catalog.nearby.get(kind, ())]
        faults.append(Fault(f"no {what} in the database", hint=did_you_mean(_dotted(name), near)))
        return None
    phases = {one.name: one for one in project.phases}
    if phase is not None:
        if phase not in phases:
            faults.append(Fault(f'unknown phase "{phase}"', hint=did_you_mean(phase, phases)))
        return phases.get(phase)
    stating = [one for one in project.phases if asked in _named(one)]
    if stating:
        return stating[-1]
    if creators.get(name) in phases:
        return phases[creators[name]]
    told = what.removeprefix("table or function ")
    message = f"no phase answers for {told}: none states it and no script creates it"
    faults.append(Fault(message, hint="Say which with --phase."))
    return None


def _is_there(asked: Name | ObjectKey, catalog: Catalog) -> bool:
    if isinstance(asked, ObjectKey):
        return _row(asked, catalog) is not None
    return asked in catalog.tables or asked in catalog.functions


def _row(key: ObjectKey, catalog: Catalog) -> Row | None:
    rows = _rows(catalog).get(WRITERS[key.kind].section, {})
    return next(iter(rows.get((key.schema, key.name), ())), None)


def _rows(catalog: Catalog) -> Rows:
    """The rows of every query that answered."""
    return {query: rows for query, rows in catalog.rows.items() if not isinstance(rows, ServerReport)}


def _name(asked: Name | ObjectKey) -> Name:
    return (asked.schema, asked.name) if isinstance(asked, ObjectKey) else asked


def _told(asked: Name | ObjectKey) -> str:
    if not isinstance(asked, ObjectKey):
        return f'table or function "{shown(asked)}"'
    return f'{asked.kind} "{_dotted(_name(asked))}"'


def _dotted(name: Name) -> str:
    return shown(name) if name[0] else name[1]


def _named(phase: Phase) -> set[Name | ObjectKey]:
    tables: set[Name | ObjectKey] = {(one.schema, one.name) for one in phase.tables}
    keys = (ObjectKey(one.kind, one.schema, one.name) for one in phase.objects)
    return {*tables, *((one.schema, one.name) for one in phase.functions), *keys}


def _write(
    text: str, path: str, asked: Name | ObjectKey, catalog: Catalog, phase: Phase, right: Right, everything: bool
) -> str:
    if isinstance(asked, ObjectKey):
        return _write_object(text, path, asked, catalog, phase, right)
    name = asked
    if name in catalog.tables:
        stated = next((one for one in phase.tables if (one.schema, one.name) == name), None)
        table = catalog.tables[name]
        is_view = stated.kind == "view" if stated else table.kind in ("view", "materialized view")
        fields = table_fields(table, stated, right, _rows(catalog), everything)
        text = _revised(text, path, "views" if is_view else "tables", name, fields)
    if name in catalog.functions:
        functions = [one for one in phase.functions if (one.schema, one.name) == name]
        node = _object_node(text, path, "functions", name)
        tree = _overloads(name, catalog, functions, node, right)
        text = _revised(text, path, "functions", name, tree)
    return text


def _write_object(text: str, path: str, key: ObjectKey, catalog: Catalog, phase: Phase, right: Right) -> str:
    stated = next((one for one in phase.objects if (one.kind, one.schema, one.name) == key[:3]), None)
    row = _row(key, catalog)
    assert row is not None
    tree = object_tree(WRITERS[key.kind], row, stated, right)
    bare = key.name if not key.schema else None
    if key.schema and key.kind == "default privileges":
        bare = f"{key.name} in {quoted(key.schema)}"
    return _revised(text, path, WRITERS[key.kind].section, (key.schema, key.name), tree, bare)


def _overloads(
    name: Name,
    catalog: Catalog,
    stated: Sequence[FunctionExpectation],
    node: object,
    right: Right,
) -> Tree:
    live, rows = catalog.functions[name], _rows(catalog)
    if isinstance(node, YamlSequence):
        changed = {at: _pair(one, live) for at, one in enumerate(stated)}
        taken = [function for function in changed.values() if function is not None]
        added = tuple(function_fields(one, None, right, rows) for one in live if one not in taken)
        return Items({at: function_fields(one, stated[at], right, rows) for at, one in changed.items() if one}, added)
    if len(live) == 1:
        return function_fields(live[0], stated[0] if stated else None, right, rows)
    if not isinstance(node, YamlMapping):
        return Items({}, tuple(function_fields(one, None, right, rows) for one in live))
    message = f'function "{shown(name)}" has {len(live)} overloads, and {stated[0].place} states one'
    raise UsageError(Fault(message, stated[0].place, hint="Write a list under its name, one item an overload."))


def _pair(stated: FunctionExpectation, live: Sequence[Function]) -> Function | None:
    """The live overload with the types stated."""
    types = input_types(stated.arguments) if stated.arguments is not None else None
    return next((one for one in live if tuple(argument.type for argument in one.inputs) == types), None)


def _revised(text: str, path: str, section: str, name: Name, tree: Tree, bare: str | None = None) -> str:
    """The text with an object's tree; one of no schema stands under its `bare` name."""
    root = read_tree(text, path, [])
    assert isinstance(root, YamlMapping)
    key = bare or _key_of(root, section, name) or shown(name)
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
