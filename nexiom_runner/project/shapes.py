"""Shapes as they stand in a project's YAML: read by the shape stage's grammar."""

import re
from collections.abc import Iterable, Iterator

from nexiom_runner.errors import Fault
from nexiom_runner.project.keys import Form, expected, is_nothing
from nexiom_runner.project.yaml import refuse_comments
from nexiom_runner.shape.grammar import parse_shape
from nexiom_runner.shape.model import Shape
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence

_COMMENT = re.compile(r"\S[ \t]+#")


def read_shape(node: Node, where: str, faults: list[Fault]) -> Shape | None:
    """The shape a node states, None and faults where it states none."""
    if isinstance(node, Scalar) and not node.text and is_nothing(node):
        faults.append(expected(node, where, "a shape", "Write a type (int, text, …), a literal, a mapping or a list."))
        return None
    before = len(faults)
    shape = parse_shape(node, faults)
    return shape if len(faults) == before else None


SHAPE_SCHEMA = {
    "description": "A shape: `int >= 0`, `text len 1..64`, `in(a b)`, a mapping of shapes by key, or [shape].",
    "type": ["string", "number", "boolean", "null", "object", "array"],
}
SHAPE = Form(read_shape, SHAPE_SCHEMA)


def refuse_cut_shapes(nodes: Iterable[Node], text: str, faults: list[Fault]) -> None:
    """A fault for each of these shapes that ` #` cuts short; `text` is the whole file."""
    if _COMMENT.search(text):
        for node in nodes:
            refuse_comments(node, text, faults)


def function_shapes(document: Node) -> Iterator[Node]:
    """Every shape of a phase.yml: results of functions and of their calls."""
    for function in _values_of(document, "expect", "functions"):
        for overload in function.items if isinstance(function, Sequence) else (function,):
            yield from _results_of((overload, *_values_of(overload, "calls")))
            for call in _values_of(overload, "calls"):
                yield from _results_of((*_items_of(call, "cases"), *_values_of(call, "matrix")))


def column_shapes(document: Node) -> Iterator[Node]:
    """Every shape of the file beside a SQL test: columns of statements."""
    for statement in _values_of(document, "statements"):
        yield from _values_of(statement, "columns")


def named_shapes(document: Node) -> Iterator[Node]:
    """Every shape of nexiom.yml."""
    yield from _values_of(document, "shapes")


def _results_of(nodes: Iterable[Node]) -> Iterator[Node]:
    """The shapes that each of the mappings states: under `result`, of a case `$result`, of each row."""
    for node in nodes:
        for key in ("result", "$result", "rows", "$rows"):
            stated = node.get(key) if isinstance(node, Mapping) else None
            shape = stated.get("each") if key.endswith("rows") and isinstance(stated, Mapping) else stated
            if shape is not None and (shape is not stated or not key.endswith("rows")):
                yield shape


def _items_of(node: Node, key: str) -> tuple[Node, ...]:
    """The items under a key, be it a list or a mapping."""
    stated = node.get(key) if isinstance(node, Mapping) else None
    return stated.items if isinstance(stated, Sequence) else _values_of(stated)


def _values_of(node: Node | None, *keys: str) -> tuple[Node, ...]:
    """The values of the mapping under a path of keys; none where there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return tuple(value for _, value in node.entries) if isinstance(node, Mapping) else ()
