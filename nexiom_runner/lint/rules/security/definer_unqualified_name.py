"""A name in the body of a SECURITY DEFINER function that is looked up where its caller may put another."""

from collections.abc import Iterator

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Texts
from nexiom_runner.sql.trees import Query, strings, walk


def find(texts: Texts) -> Iterator[Found]:
    """Tables and functions of the project without a schema; a path that ends with pg_temp, or a bound body, is safe."""
    known = {routine.key[1] for routine in texts.latest}
    for routine in texts.latest:
        path = routine.settings.get("search_path")
        why = None if not routine.definer or routine.bound else _why(path)
        names = [name for query in routine.queries for name in _names(query, known)] if why else []
        for name in dict.fromkeys(names):
            if path is not None and path.strip() and name.endswith("()"):
                continue  # functions are never looked up in pg_temp
            message = f"runs as its owner and says {name} without a schema: {why}"
            marked = name.removesuffix("()")
            fix = "write the schema in front"
            yield routine.found("definer-unqualified-name", message, fix, marked)


def _why(path: str | None) -> str | None:
    if path is None:
        return "its caller's search_path decides what that is"
    schemas = [one.strip().strip('"') for one in path.split(",") if one.strip().strip('"')]
    if not schemas:
        return "with an empty search_path there is none"
    return None if schemas[-1] == "pg_temp" else "a temporary table of that name is found first"


def _names(query: Query, known: set[str]) -> Iterator[str]:
    own = {node.get("ctename", "") for tag, node in walk(query.tree) if tag == "CommonTableExpr"}
    for tag, node in walk(query.tree):
        if "relname" in node and "schemaname" not in node and node["relname"] not in own:
            if not node["relname"].startswith("pg_") and node.get("relpersistence") != "t":
                yield node["relname"]
        elif tag == "FuncCall":
            parts = strings(node.get("funcname"))
            if len(parts) == 1 and parts[0] in known:
                yield f"{parts[0]}()"
