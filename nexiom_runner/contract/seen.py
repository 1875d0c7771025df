"""`--accept`: the shapes that calls returned, written into phase.yml where they are not what is stated there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from nexiom_runner.contract.accept import Edit
from nexiom_runner.contract.edit import revise
from nexiom_runner.contract.tree import Drop, Fields, Items, Keep, Tree, Written
from nexiom_runner.errors import Place
from nexiom_runner.project.grammar import parse_name
from nexiom_runner.project.in_force import ObjectKey, input_types
from nexiom_runner.project.model import FunctionExpectation, Phase, Project
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.shape.grammar import parse_key, parse_shape
from nexiom_runner.shape.infer import infer_items, infer_values
from nexiom_runner.shape.json import Json
from nexiom_runner.shape.model import ANYTHING, Array, Key, Object, Shape
from nexiom_runner.shape.printing import key_text, print_shape
from nexiom_runner.shape.walker import match
from nexiom_runner.tree import Mapping, Node, Scalar
from nexiom_runner.tree import Sequence as List

JsonObject = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Seen:
    """Values that a function returned; `call` names the call of `phase` that states a shape of its own, if it does."""

    phase: str
    key: ObjectKey
    call: str | None
    values: tuple[Json, ...]


def accept_seen(project: Project, applied: Sequence[str], seen: Iterable[Seen], *, exact: bool = False) -> list[Edit]:
    """The phase.yml files with the shapes that were seen; writes nothing itself.

    Where a shape is stated, only its parts that no longer match are replaced, and comments stay. A function's shape
    goes to the last phase applied that states one, else to the last that states the function. `exact` writes values.
    """
    texts: dict[str, str] = {}
    phases = {phase.name: phase for phase in project.phases}
    for one in _together(seen):
        chosen = phases[one.phase] if one.call is not None else _stating([phases[name] for name in applied], one.key)
        function = None if chosen is None else _function(chosen, one.key)
        if chosen is None or chosen.settings is None or function is None:
            continue
        path = chosen.settings.path
        texts[path] = _written(texts.get(path, chosen.settings.text), path, chosen, function, one, exact)
    before = {phase.settings.path: phase.settings.text for phase in project.phases if phase.settings}
    return [Edit(path, before[path], text) for path, text in texts.items() if text != before[path]]


def _together(seen: Iterable[Seen]) -> Iterator[Seen]:
    """All values of one function, or of one call with its own shape, at once."""
    found: dict[tuple[object, ...], Seen] = {}
    for one in seen:
        slot = (one.key, one.call, one.phase if one.call else None)
        before = found.get(slot, Seen(one.phase, one.key, one.call, ()))
        found[slot] = Seen(one.phase, one.key, one.call, (*before.values, *one.values))
    yield from found.values()


def _stating(phases: Sequence[Phase], key: ObjectKey) -> Phase | None:
    """The last phase that states the function's result, else the last that states the function."""
    stating = [(phase, function) for phase in phases if (function := _function(phase, key)) is not None]
    with_result = [phase for phase, function in stating if function.result is not None]
    chosen = with_result or [phase for phase, _ in stating]
    return chosen[-1] if chosen else None


def _function(phase: Phase, key: ObjectKey) -> FunctionExpectation | None:
    return next((one for one in phase.functions if _is(one, key)), None)


def _is(function: FunctionExpectation, key: ObjectKey) -> bool:
    if (function.schema, function.name) != (key.schema, key.name):
        return False
    return function.arguments is None or key.types is None or input_types(function.arguments) == key.types


def _written(text: str, path: str, phase: Phase, function: FunctionExpectation, one: Seen, exact: bool) -> str:
    root = read_tree(text, path, [])
    functions = _under(_under(root, "expect"), "functions")
    if not isinstance(root, Mapping) or not isinstance(functions, Mapping):
        return text
    name = (function.schema, function.name)
    key, node = next((key, value) for key, value in functions.entries if parse_name(key.text) == name)
    alike = [other.place for other in phase.functions if (other.schema, other.name) == name]
    own = node.items[alike.index(function.place)] if isinstance(node, List) else node
    tree = _in_function(own, one, exact)
    if tree is None:
        return text
    changed: Tree = Items({alike.index(function.place): tree}) if isinstance(node, List) else tree
    return revise(text, root, Fields({"expect": Fields({"functions": Fields({key.text: changed})})}))


def _in_function(node: Node, one: Seen, exact: bool) -> Fields | None:
    if one.call is None:
        tree = shape_tree(_under(node, "result"), one.values, exact)
        return None if isinstance(tree, Keep) else Fields({"result": tree})
    stated = _under(_under(_under(node, "calls"), one.call), "result")
    tree = Keep() if stated is None else shape_tree(stated, one.values, exact)
    return None if isinstance(tree, Keep) else Fields({"calls": Fields({one.call: Fields({"result": tree})})})


def shape_tree(node: Node | None, values: Sequence[Json], exact: bool = False) -> Tree:
    """What a shape must become for the values: what matches stays as it is written."""
    if node is not None:
        shape = parse_shape(node, [])
        if all(not match(shape, value).mismatches for value in values):
            return Keep()
        there = values if not isinstance(node, Mapping) or node.get("$or") is None else _not_null(values)
        if isinstance(node, Mapping) and node.get("$items") is None and _are_objects(there):
            tree = _object_tree(node, there, exact)
            if any(not isinstance(tree.entries.get(key.text), Drop) for key, _ in node.entries):
                return tree
        if isinstance(node, List) and isinstance(node.items[0], Mapping):
            items = _items(values)
            inner = shape_tree(node.items[0], items, exact) if items is not None else None
            if isinstance(inner, Fields):
                return Items({0: inner})
    seen = infer_values(values) if exact else infer_items(values)
    stands = isinstance(node, List | Mapping)  # of which nothing stays: what is new cannot be put beside it
    return Written(print_shape(seen)) if stands else tree_of(seen)


def _object_tree(node: Mapping, values: Sequence[JsonObject], exact: bool) -> Fields:
    """A mapping key by key: those no value has go, those that are new come behind."""
    entries: dict[str, Tree] = {}
    known = set()
    takes_others = False
    for key, stated in node.entries:
        if key.text.startswith(("$", "<")):
            takes_others = takes_others or key.text in ("$open", "<text>")
            continue
        name, optional, sized = parse_key(key.text)
        known.add(name)
        found = [value[name] for value in values if name in value]
        missing = len(found) < len(values)
        if not found or (missing and not optional) or (sized and not _fits(key, stated, found)):
            entries[key.text] = Drop() if not optional or sized else Keep()
            if found:
                written = _key(name, optional or missing)
                entries[written] = tree_of(infer_values(found) if exact else infer_items(found))
        elif not sized:
            entries[key.text] = shape_tree(stated, found, exact)
    new = dict.fromkeys(name for value in values for name in value if name not in known and not takes_others)
    for name in new:
        found = [value[name] for value in values if name in value]
        written = _key(name, len(found) < len(values))
        entries[written] = tree_of(infer_values(found) if exact else infer_items(found))
    return Fields(entries)


def _fits(key: Scalar, stated: Node, found: Sequence[Json]) -> bool:
    """Whether values meet `key[1..5]: T`."""
    shape = parse_shape(Mapping(((Scalar(key.text, key.place), stated),), Place("", 1)), [])
    inner = shape.keys[0].shape if isinstance(shape, Object) else shape
    return all(not match(inner, value).mismatches for value in found)


def tree_of(shape: Shape) -> Tree:
    """A shape as it is written: objects and lists of objects over several lines, everything else on one."""
    if isinstance(shape, Object) and shape.keys and shape.others is None and not shape.open:
        return Fields({key_text(key): tree_of(key.shape) for key in shape.keys})
    if isinstance(shape, Array) and (shape.least, shape.most) == (0, None):
        items = tree_of(shape.items)
        if isinstance(items, Fields):
            return Items(added=(items,))
    return Written(print_shape(shape))


def _key(name: str, optional: bool) -> str:
    return key_text(Key(name, ANYTHING, optional))


def _under(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


def _are_objects(values: Sequence[Json]) -> TypeGuard[Sequence[JsonObject]]:
    return bool(values) and all(isinstance(value, dict) for value in values)


def _not_null(values: Sequence[Json]) -> list[Json]:
    return [value for value in values if value is not None]


def _items(values: Sequence[Json]) -> list[Json] | None:
    """The items of all lists together; None where a value is no list."""
    if not all(isinstance(value, list) for value in values):
        return None
    return [item for value in values if isinstance(value, list) for item in value]
