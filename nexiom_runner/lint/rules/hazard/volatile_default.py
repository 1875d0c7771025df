"""A column whose values must be made for every row there is."""

from collections.abc import Iterator

from nexiom_runner.catalog.names import quoted
from nexiom_runner.lint.alters import REWRITTEN, added_columns, altered, type_name
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.trees import Node, strings, walk

_SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})


def find(move: Move) -> Iterator[Found]:
    """A column added with a volatile default, an identity, a serial or a stored expression."""
    table, commands = altered(move)
    for column, constraints in added_columns(commands):
        why = _why(column, constraints, move)
        if table is None or why is None or not move.matters(table):
            continue
        message = (
            f"takes ACCESS EXCLUSIVE on {move.told(table)} and {REWRITTEN}, since {quoted(column['colname'])} {why}"
        )
        fix = "add the column without it, fill it in batches, then set the default"
        yield move.found("volatile-default", table, message, fix)


def _why(column: Node, constraints: list[Node], move: Move) -> str | None:
    if type_name(column.get("typeName")) in _SERIAL:
        return "is a serial"
    for constraint in constraints:
        if constraint["contype"] == "CONSTR_IDENTITY":
            return "is an identity"
        if constraint["contype"] == "CONSTR_GENERATED" and constraint.get("generated_kind", "s") != "v":
            return "is generated and stored"
        if constraint["contype"] == "CONSTR_DEFAULT":
            volatile = [name for name in _calls(constraint) if move.facts.functions.get(name, "s") == "v"]
            if volatile:
                return f"has another {volatile[0]}() in every row"
    return None


def _calls(node: Node) -> Iterator[str]:
    for tag, inner in walk(node):
        if tag == "FuncCall":
            yield from strings(inner.get("funcname"))[-1:]
