"""Which statements no analyser could read: asked once of each graph, since the parsers cost more than the answer."""

import hashlib
from collections.abc import Mapping
from importlib import import_module

from nexiom_runner.commands.remembered import cache_folder, keep, recall
from nexiom_runner.graph.model import Graph

Unread = Mapping[str, int]


def unread_statements(graph: Graph, environ: Mapping[str, str]) -> Unread:
    """How many statements of each script neither pgparse nor sqlglot could read; scripts read whole are left out."""
    digest = hashlib.sha256("\n".join(script.semantic_sha for script in graph.scripts).encode()).hexdigest()
    folder, key = cache_folder(environ), f"unread-{digest}"
    known = recall(folder, key)
    if not isinstance(known, dict):
        known = _ask(graph)
        keep(folder, key, known)
    return known


def _ask(graph: Graph) -> dict[str, int]:
    unparsed = import_module("nexiom_runner.sql.analysis").unparsed  # the parsers: only when nobody has asked before
    counts = {
        script.key: sum(unparsed(statement.text) is not None for statement in script.statements)
        for script in graph.scripts
    }
    return {key: number for key, number in counts.items() if number}
