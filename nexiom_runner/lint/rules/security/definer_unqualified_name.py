"""A name in the body of a SECURITY DEFINER function that is looked up where its caller may put another."""

from collections.abc import Iterator

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Routine, Texts
from nexiom_runner.sql.trees import Node, Query, strings, walk


def find(texts: Texts) -> Iterator[Found]:
    """Tables and functions of the project without a schema; a path that ends with pg_temp, or a bound body, is safe."""
    transitions = _transitions(texts)
    known = {routine.key[1] for routine in texts.latest}
    for routine in texts.latest:
        path = routine.settings.get("search_path")
        why = None if not routine.definer or routine.bound else _why(path)
        own = _own(routine, transitions) if why else set()
        names = [name for query in routine.queries for name in _names(query, known, own)] if why else []
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


def _names(query: Query, known: set[str], own: set[str]) -> Iterator[str]:
    for tag, node in _looked_up(query.tree):
        if "relname" in node and "schemaname" not in node:
            name = node["relname"]
            if name not in own and not name.startswith("pg_") and node.get("relpersistence") != "t":
                yield name
        elif tag == "FuncCall":
            parts = strings(node.get("funcname"))
            if len(parts) == 1 and parts[0] in known:
                yield f"{parts[0]}()"


def _looked_up(node: object) -> Iterator[tuple[str, Node]]:
    """Every node but those of FOR UPDATE OF, which names aliases."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name != "lockingClause":
                if isinstance(value, dict):
                    yield name, value
                yield from _looked_up(value)
    elif isinstance(node, list):
        for each in node:
            yield from _looked_up(each)


def _own(routine: Routine, transitions: set[str]) -> set[str]:
    """What a body says that is no table of the catalog: a WITH, a temporary table it makes, a trigger's rows."""
    names = set(transitions) if routine.returns == "trigger" else set()
    for query in routine.queries:
        for tag, node in walk(query.tree):
            if tag == "CommonTableExpr":
                names.add(node.get("ctename", ""))
            elif node.get("relpersistence") == "t":
                names.add(node.get("relname", ""))
    return names


def _transitions(texts: Texts) -> set[str]:
    """`referencing new table as changed`."""
    found = (walk(read.node) for read in texts.reads if read.tag == "CreateTrigStmt")
    return {node.get("name", "") for nodes in found for tag, node in nodes if tag == "TriggerTransition"}
