"""A shape as YAML writes it: mappings that mirror objects, lists that mirror arrays, texts of grammar."""

import re
from collections.abc import Iterator
from dataclasses import replace

from nexiom_runner.errors import Fault
from nexiom_runner.shape.conditions import NotUnderstood, parse_condition, paths
from nexiom_runner.shape.model import ANYTHING, Array, Either, Key, Literal, Object, Shape, Where
from nexiom_runner.shape.nearest import nearest
from nexiom_runner.shape.terms import parse_count, parse_text
from nexiom_runner.shape.tokens import place_in, shown_text
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence

DEEPEST = 100  # levels; a jsonb document of a function is not deeper, and the walker recurses
SIZE_HINT = "Write it like 1..50, 1.. or 3."
DIRECTIVES = ("$items", "$size", "$open", "$or", "$where")
KEY = re.compile(r"(?P<name>(?:[^\\]|\\.)*?)(?P<size>\[(?P<count>[^\[\]]*)\])?(?P<optional>\?)?\Z", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_shape(node: Node, faults: list[Fault], depth: int = 0) -> Shape:
    """The shape a node writes. Every fault is added with its place; `any` stands where one was found."""
    if depth > DEEPEST:
        faults.append(Fault(f"a shape is nested more than {DEEPEST} levels deep", node.place))
        return ANYTHING
    if isinstance(node, Scalar):
        return parse_text(node, faults)
    if isinstance(node, Sequence):
        return _list(node, faults, depth)
    if node.get("$items") is not None or node.get("$size") is not None:
        return _nullable(node, _array(node, faults, depth), faults)
    return _nullable(node, _object(node, faults, depth), faults)


def _list(node: Sequence, faults: list[Fault], depth: int) -> Shape:
    shapes = [parse_shape(item, faults, depth + 1) for item in node.items]
    if len(shapes) != 1:
        hint = "A list has the one shape that every item of it has: [int] or [{id: uuid}]."
        place = node.items[1].place if len(shapes) > 1 else node.place
        faults.append(Fault(f"expected one shape in a list, found {len(shapes) or 'none'}", place, hint=hint))
        return ANYTHING
    return Array(shapes[0], place=node.place)


def _array(node: Mapping, faults: list[Fault], depth: int) -> Shape:
    for key, _ in node.entries:
        if key.text not in ("$items", "$size", "$or"):
            hint = 'Keys of the items go under "$items".'
            message = f'expected "$items", "$size" or "$or" in an array, found "{shown_text(key.text)}"'
            faults.append(_at_key(key, message, hint))
    items, size = node.get("$items"), node.get("$size")
    if items is None:
        key = next(key for key, _ in node.entries if key.text == "$size")
        faults.append(_at_key(key, 'expected "$items" beside "$size", found none'))
        return ANYTHING
    least, most = _size(size, faults) if size is not None else (0, None)
    return Array(parse_shape(items, faults, depth + 1), least, most, node.place)


def _size(node: Node, faults: list[Fault]) -> tuple[int, int | None]:
    count = parse_count(node.text) if isinstance(node, Scalar) else None
    if count is None:
        faults.append(_at_value(node, "a number of items", SIZE_HINT))
        return 0, None
    return count


def _nullable(node: Mapping, shape: Shape, faults: list[Fault]) -> Shape:
    alternative = node.get("$or")
    if alternative is None:
        return shape
    if not (isinstance(alternative, Scalar) and alternative.plain and alternative.text == "null"):
        hint = "$or: null lets the object be null; other choices are not known for an object."
        faults.append(_at_value(alternative, 'null under "$or"', hint))
        return shape
    return Either((shape, Literal("null", alternative.place)), node.place) if shape != ANYTHING else shape


def _object(node: Mapping, faults: list[Fault], depth: int) -> Shape:
    keys: dict[str, Key] = {}
    others: Shape | None = None
    is_open = False
    where: tuple[Where, ...] = ()
    for scalar, value in node.entries:
        if scalar.text == "$open":
            is_open = _flag(value, faults)
        elif scalar.text == "$where":
            where = tuple(_conditions(value, faults))
        elif scalar.text.startswith("<") and scalar.text.endswith(">"):
            others = _others(scalar, value, faults, depth)
        elif scalar.text.startswith("$"):
            _check_directive(scalar, faults)
        else:
            key = _key(scalar, value, faults, depth)
            if key.name in keys:
                faults.append(_at_key(scalar, f'the key "{shown_text(key.name)}" is stated twice'))
            keys[key.name] = key
    if is_open and others is not None:
        faults.append(Fault('expected "$open" or "<text>", found both', node.place))
    _check_keys(where, keys, faults, closed=not is_open and others is None)
    return Object(tuple(keys.values()), others, is_open, node.place, where)


def _conditions(node: Node, faults: list[Fault]) -> Iterator[Where]:
    """One condition, or a list of them."""
    for one in node.items if isinstance(node, Sequence) else (node,):
        if not isinstance(one, Scalar) or not one.text.strip():
            hint = "Write it like sent <= total, or a list of such texts."
            faults.append(_at_value(one, 'a condition under "$where"', hint))
            continue
        try:
            yield Where(one.text, parse_condition(one.text), one.place)
        except NotUnderstood as problem:
            found = f'"{shown_text(one.text[problem.offset :])}"' if one.text[problem.offset :] else "nothing"
            message = f"expected {problem.expected}, found {found}"
            hint = "A condition is like sent + failed = total and (len(items) > 0 or closed_at is not null)."
            faults.append(Fault(message, place_in(one, problem.offset), hint=hint))


def _check_keys(where: tuple[Where, ...], keys: dict[str, Key], faults: list[Fault], *, closed: bool) -> None:
    """The keys a condition is about are keys of a closed object."""
    for one in where if closed else ():
        for name in sorted({path.names[0] for path in paths(one.term)} - keys.keys()):
            close = nearest(name, keys)
            hint = f'Did you mean "{close}"?' if close else f"Its keys are {', '.join(keys)}." if keys else None
            offset = max(one.text.find(name), 0)
            place = replace(one.place, column=one.place.column + offset)
            faults.append(Fault(f'no key "{name}" in the object of this condition', place, width=len(name), hint=hint))


def _flag(node: Node, faults: list[Fault]) -> bool:
    if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
        return node.text == "true"
    faults.append(_at_value(node, 'true or false under "$open"'))
    return False


def _others(scalar: Scalar, value: Node, faults: list[Fault], depth: int) -> Shape:
    if scalar.text != "<text>":
        hint = "<text>: T is the shape of every other key; keys are texts in JSON."
        faults.append(_at_key(scalar, f'expected "<text>", found "{shown_text(scalar.text)}"', hint))
    return parse_shape(value, faults, depth + 1)


def _check_directive(scalar: Scalar, faults: list[Fault]) -> None:
    if scalar.text == "$or":
        return
    if scalar.text in ("$ref", "$schema"):
        hint = f"Write the shape of the value itself; a key that begins with $ is written \\{scalar.text}."
        faults.append(_at_key(scalar, "a JSON Schema cannot stand inside a shape", hint))
        return
    close = nearest(scalar.text, DIRECTIVES)
    hint = f'Did you mean "{close}"?' if close else f"A key that begins with $ is written \\{scalar.text}."
    faults.append(_at_key(scalar, f'expected {_listed(DIRECTIVES)}, found "{shown_text(scalar.text)}"', hint))


def _listed(words: tuple[str, ...]) -> str:
    quoted = [f'"{word}"' for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _key(scalar: Scalar, value: Node, faults: list[Fault], depth: int) -> Key:
    match = KEY.match(scalar.text)
    if match is None:
        hint = "Write \\\\ for a backslash in a key."
        faults.append(_at_key(scalar, f'expected a key, found "{shown_text(scalar.text)}"', hint))
        return Key(scalar.text, ANYTHING, place=scalar.place)
    shape = parse_shape(value, faults, depth + 1)
    if match["size"] is not None:
        shape = _sized(scalar, match, shape, faults)
    return Key(ESCAPED.sub(r"\1", match["name"]), shape, match["optional"] is not None, scalar.place)


def parse_key(text: str) -> tuple[str, bool, bool]:
    """The name of a key, whether it may be absent, and whether it says a number of items."""
    match = KEY.match(text)
    if match is None:
        return text, False, False
    return ESCAPED.sub(r"\1", match["name"]), match["optional"] is not None, match["size"] is not None


def _sized(scalar: Scalar, match: re.Match[str], shape: Shape, faults: list[Fault]) -> Shape:
    count = parse_count(match["count"])
    if count is None:
        offset = match.start("count")
        message = f'expected a number of items, found "{shown_text(match["count"])}"'
        width = max(1, len(match["count"]))
        faults.append(Fault(message, place_in(scalar, offset), width=width, hint=SIZE_HINT))
        return ANYTHING
    return Array(shape, *count, place=scalar.place)


def _at_key(key: Scalar, message: str, hint: str | None = None) -> Fault:
    return Fault(message, key.place, width=len(key.text) + 2 * (not key.plain), hint=hint)


def _at_value(node: Node, expected: str, hint: str | None = None) -> Fault:
    if not isinstance(node, Scalar):
        return Fault(f"expected {expected}, found no text", node.place, hint=hint)
    width = max(1, len(node.text) + 2 * (not node.plain))
    return Fault(f'expected {expected}, found "{shown_text(node.text)}"', node.place, width=width, hint=hint)
