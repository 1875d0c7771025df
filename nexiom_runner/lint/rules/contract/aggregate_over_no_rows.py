"""An aggregate that is null over no rows, where the shape says that it is never null."""

from collections.abc import Iterator

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Routine, Texts
from nexiom_runner.shape.model import Array, Either, Literal, Object, Shape, Type
from nexiom_runner.sql.trees import Node, strings, walk

_NULL = frozenset(
    {
        "jsonb_agg",
        "json_agg",
        "array_agg",
        "jsonb_object_agg",
        "json_object_agg",
        "sum",
        "max",
        "min",
        "avg",
        "string_agg",
    }
)
_BUILDERS = frozenset({"jsonb_build_object", "json_build_object"})


def find(texts: Texts) -> Iterator[Found]:
    """In what a function returns, or under a key it builds, without coalesce around it."""
    for routine in texts.latest:
        shape = texts.result_of(routine)
        if shape is not None and not routine.returns.startswith("setof "):
            for path, aggregate in dict.fromkeys(_found(routine, shape)):
                message = (
                    f"{path} is null where there are no rows: {aggregate}() of nothing, and the shape allows no null"
                )
                default = "'[]'" if "agg" in aggregate and "object" not in aggregate else "…"
                fix = f"coalesce({aggregate}(…), {default})"
                yield routine.found("aggregate-over-no-rows", message, fix, aggregate)


def _found(routine: Routine, shape: Shape) -> Iterator[tuple[str, str]]:
    for query in routine.queries:
        for tag, node in query.tree.items():
            if tag == "SelectStmt" and routine.language == "sql":
                yield from _of_select(node, shape, "$")
        if routine.language != "sql":
            for tag, node in walk(query.tree):
                if tag == "FuncCall" and isinstance(shape, Object):
                    yield from _built(node, shape, "$")


def _of_select(node: Node, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    """What the only column of a select is, where the shape says what that must be."""
    targets = node.get("targetList", [])
    if len(targets) == 1 and "groupClause" not in node:
        yield from _of_value(targets[0]["ResTarget"].get("val", {}), shape, path)


def _of_value(value: Node, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    if "TypeCast" in value:
        yield from _of_value(value["TypeCast"]["arg"], shape, path)
    elif "FuncCall" in value:
        name = (strings(value["FuncCall"].get("funcname")) or [""])[-1]
        if name in _NULL and not _nullable(shape) and _fits(name, shape) and "over" not in value["FuncCall"]:
            yield path, name
        elif isinstance(shape, Object):
            yield from _built(value["FuncCall"], shape, path)
    elif value.get("SubLink", {}).get("subLinkType") == "EXPR_SUBLINK":
        yield from _of_select(value["SubLink"]["subselect"].get("SelectStmt", {}), shape, path)


def _built(call: Node, shape: Object, path: str) -> Iterator[tuple[str, str]]:
    """`jsonb_build_object('key', value, …)` against an object's keys."""
    if (strings(call.get("funcname")) or [""])[-1] not in _BUILDERS:
        return
    shapes = {key.name: key.shape for key in shape.keys}
    given = call.get("args", [])
    for name, value in zip(given[::2], given[1::2], strict=False):
        key = name.get("A_Const", {}).get("sval", {}).get("sval")
        if key in shapes:
            yield from _of_value(value, shapes[key], f"{path}.{key}")


def _nullable(shape: Shape) -> bool:
    if isinstance(shape, Either):
        return any(map(_nullable, shape.options))
    return (isinstance(shape, Literal) and shape.text == "null") or (isinstance(shape, Type) and shape.name == "any")


def _fits(name: str, shape: Shape) -> bool:
    """An array for what makes one; anything else for the others."""
    makes_array = name in ("jsonb_agg", "json_agg", "array_agg")
    return isinstance(shape, Array) if makes_array else not isinstance(shape, Array)
