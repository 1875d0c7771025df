"""The JSON that a body builds, as far as its text tells: keys that are literals, arrays of such objects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nexiom_runner.lint.texts import Routine
from nexiom_runner.sql.trees import Node, plpgsql_of, strings, tree_of, walk

_OBJECTS = frozenset({"jsonb_build_object", "json_build_object"})
_ARRAYS = frozenset({"jsonb_build_array", "json_build_array"})
_AGGREGATES = frozenset({"jsonb_agg", "json_agg"})


@dataclass(frozen=True, slots=True)
class BuiltObject:
    """Exactly these keys; a value whose text does not tell is None."""

    keys: "Mapping[str, Built]"


@dataclass(frozen=True, slots=True)
class BuiltArray:
    """Elements that are all built so."""

    items: "Built"


Built = BuiltObject | BuiltArray | None


def built_by(routine: Routine) -> list[Built]:
    """What each way out of the body returns; None where its text does not tell."""
    return [_value(value) for value in _returned(routine)]


def _returned(routine: Routine) -> Iterator[Node]:
    """The expression of each `return`, or of the last query's only column."""
    if routine.language == "plpgsql":
        for tag, node in walk(plpgsql_of(routine.read.statement.text) or []):
            if tag == "PLpgSQL_stmt_return" and "expr" in node:
                tree = tree_of(f"select {node['expr']['PLpgSQL_expr']['query']}")
                yield _only_column(tree[1] if tree else {})
    elif routine.queries:
        yield _only_column(routine.queries[-1].tree.get("SelectStmt", {}))


def _only_column(select: Node) -> Node:
    targets: Sequence[Node] = select.get("targetList", ())
    value: Node = targets[0]["ResTarget"].get("val", {}) if len(targets) == 1 else {}
    return value


def _value(value: Node) -> Built:
    if "TypeCast" in value:
        return _value(value["TypeCast"]["arg"])
    if value.get("SubLink", {}).get("subLinkType") == "EXPR_SUBLINK":
        return _value(_only_column(value["SubLink"]["subselect"].get("SelectStmt", {})))
    if "CoalesceExpr" in value:
        return _first_known(value["CoalesceExpr"].get("args", ()))
    if "A_Expr" in value and strings(value["A_Expr"].get("name")) == ["||"]:
        return _joined(_value(value["A_Expr"].get("lexpr", {})), _value(value["A_Expr"].get("rexpr", {})))
    return _call(value.get("FuncCall", {}))


def _first_known(arguments: Sequence[Node]) -> Built:
    """`coalesce(jsonb_agg(…), '[]')`: what is built, where something is."""
    return next((built for built in map(_value, arguments) if built is not None), None)


def _joined(left: Built, right: Built) -> Built:
    both = isinstance(left, BuiltObject) and isinstance(right, BuiltObject)
    return BuiltObject({**left.keys, **right.keys}) if both else None  # type: ignore[union-attr]


def _call(call: Node) -> Built:
    name = (strings(call.get("funcname")) or [""])[-1]
    arguments: Sequence[Node] = call.get("args", ())
    if name in _OBJECTS and "func_variadic" not in call:
        keys = [_literal(one) for one in arguments[::2]]
        if len(arguments) % 2 == 0 and None not in keys:
            return BuiltObject({str(key): _value(one) for key, one in zip(keys, arguments[1::2], strict=True)})
    if name in _AGGREGATES and len(arguments) == 1:
        return BuiltArray(_value(arguments[0]))
    if name in _ARRAYS:
        items = [_value(one) for one in arguments]
        return BuiltArray(items[0] if len(items) == 1 else None)
    return None


def _literal(node: Node) -> str | None:
    if "TypeCast" in node:
        return _literal(node["TypeCast"]["arg"])
    text: str | None = node.get("A_Const", {}).get("sval", {}).get("sval")
    return text
