"""Text of a caller's that becomes part of a statement."""

from collections.abc import Iterator

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Texts
from nexiom_runner.sql.trees import Node, strings

_QUOTING = frozenset({"quote_ident", "quote_literal", "quote_nullable", "format"})
_TEXT = frozenset({"text", "character varying", "varchar", "json", "jsonb", "name", "character", "bpchar", "unknown"})


def find(texts: Texts) -> Iterator[Found]:
    """`execute` of an expression that joins a text argument without quoting it; `%s` of format() is no quoting."""
    for routine in texts.latest:
        arguments = {one.name for one in routine.arguments if one.name and one.type.removesuffix("[]") in _TEXT}
        for query in routine.dynamic:
            names = sorted(set(_unquoted(query.tree, arguments)))
            if names:
                message = f"executes a statement with {', '.join(names)} in it as it comes: whoever calls it writes SQL"
                fix = "format('… %I … %L', …), or execute … using …"
                yield routine.found("injectable-execute", message, fix, names[0])


def _unquoted(node: object, arguments: set[str]) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _unquoted(one, arguments)
        return
    if not isinstance(node, dict):
        return
    for tag, value in node.items():
        if tag == "FuncCall" and (name := strings(value.get("funcname"))[-1:]) and name[0] in _QUOTING:
            yield from _formatted(value, arguments) if name[0] == "format" else ()
        elif tag == "ColumnRef":
            yield from (part for part in strings(value.get("fields"))[-1:] if part in arguments)
        else:
            yield from _unquoted(value, arguments)


def _formatted(call: Node, arguments: set[str]) -> Iterator[str]:
    """Arguments that `%s` of a format takes as they are."""
    given = call.get("args", [])
    template = given[0].get("A_Const", {}).get("sval", {}).get("sval") if given else None
    if template is None:
        yield from _unquoted(given, arguments)
        return
    letters = [part[:1] for part in template.replace("%%", "").split("%")[1:]]
    for letter, argument in zip(letters, given[1:], strict=False):
        if letter == "s":
            yield from _unquoted(argument, arguments)
