"""PostgreSQL's own parse trees of statements and of bodies, as pgparse gives them; None where none can be had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, util
from types import ModuleType
from typing import Any

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A query within a body: its text, its tree, the line in the body from 1 (0: not known)."""

    text: str
    tree: Node
    line: int = 0


def can_parse() -> bool:
    """Whether pgparse has a wheel here."""
    return _parser() is not None


@lru_cache(maxsize=20_000)
def tree_of(statement: str) -> tuple[str, Node] | None:
    """What a statement is ("AlterTableStmt") and its fields; None where it is not one statement that can be read."""
    trees = trees_of(statement)
    return trees[0] if trees is not None and len(trees) == 1 else None


def trees_of(text: str) -> list[tuple[str, Node]] | None:
    """Every statement of a text; None where it cannot be read."""
    parser = _parser()
    if parser is None:
        return None
    try:
        parsed = parser.parse(text)
    except parser.PGQueryError:
        return None
    return [next(iter(one["stmt"].items())) for one in parsed if one.get("stmt")]


def plpgsql_of(routine: str) -> list[Node] | None:
    """The bodies of a `create function … language plpgsql`; None where they cannot be read."""
    parser = _parser()
    if parser is None:
        return None
    try:
        found: list[Node] = parser.parse_pgsql(routine)
    except (parser.PGQueryError, ValueError):
        return None
    return found


def walk(node: object) -> Iterator[tuple[str, Node]]:
    """Every named node below, the outer ones first."""
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict):
                yield name, value
            yield from walk(value)
    elif isinstance(node, list):
        for each in node:
            yield from walk(each)


def strings(nodes: object) -> list[str]:
    """The texts of a list of String nodes: the parts of a name."""
    if not isinstance(nodes, list):
        return []
    return [one["String"]["sval"] for one in nodes if isinstance(one, dict) and "String" in one]


def qualified(parts: Sequence[str]) -> tuple[str, str]:
    """(schema, name) of the parts of a name; `public` where no schema is written."""
    return (parts[-2] if len(parts) > 1 else "public"), parts[-1]


def relation(node: Node | None) -> tuple[str, str] | None:
    """(schema, name) of a RangeVar; `public` where no schema is written."""
    if not node or "relname" not in node:
        return None
    return node.get("schemaname", "public"), node["relname"]


@lru_cache(maxsize=1)
def _parser() -> ModuleType | None:
    # pgparse has no wheel for every platform, and most commands need no tree.
    return import_module("pgparse") if util.find_spec("pgparse") else None
