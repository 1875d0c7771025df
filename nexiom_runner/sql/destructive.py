"""Statements that take data away for good: dropped tables and columns, truncate, delete and update of every row.

From the lexer alone, so that it is the same on every machine; what a text builds and executes is not seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexiom_runner.sql.lexer import Kind, kind_of, lexemes, significant
from nexiom_runner.sql.split import Statement
from nexiom_runner.sql.words import Words, folded, kind_at, name_at, skip, spelled


@dataclass(frozen=True, slots=True)
class Destruction:
    """What a statement takes away ("drop table leads"), and where the statement begins in the script."""

    what: str
    offset: int


def destructions(statements: tuple[Statement, ...]) -> Iterator[Destruction]:
    """One for each thing the statements take away, in order; a DO block's own statements are among them."""
    for statement in statements:
        if not _MAYBE.search(statement.text):
            continue
        pieces = [piece for _, piece in significant(lexemes(statement.text)) if piece != ";"]
        for what in _of_statement(folded(pieces)):
            yield Destruction(what, statement.head)


def why_destructive(statements: tuple[Statement, ...], reason: str) -> dict[str, str]:
    """What the ledger keeps of statements that take data away for this reason; nothing of others."""
    return {"destructive": reason} if any(destructions(statements)) else {}


def _of_statement(words: Words) -> Iterator[str]:
    head = words[0] if words else ""
    if head == "do":
        yield from _of_body(words)
    elif head == "drop":
        yield from _dropped(words)
    elif head == "alter":
        yield from _altered(words)
    elif head == "truncate":
        yield _named("truncate", words, skip(words, 1, frozenset({"table", "only"})))
    elif head in _MAY_CHANGE:
        yield from _changed(words)


def _of_body(words: Words) -> Iterator[str]:
    """Of a DO block each statement, whatever stands before its first word."""
    for body in (word for word in words if kind_of(word) is Kind.DOLLAR):
        text = body[body.index("$", 1) + 1 : body.rindex("$", 0, -1)]
        statement: list[str] = []
        for word in [*folded(piece for _, piece in significant(lexemes(text))), ";"]:
            if word in _BEFORE_STATEMENT:
                yield from _of_statement(statement) if statement and word == ";" else ()
                statement = []
            else:
                statement.append(word)


def _dropped(words: Words) -> Iterator[str]:
    kind, index = kind_at(words, 1)
    if kind in _HOLDS_DATA or (kind in _IN_COLUMNS and "cascade" in words):
        yield _named(f"drop {kind}", words, skip(words, index, _IF_EXISTS))
    elif list(words[1:2]) == ["owned"]:
        yield spelled(words)


def _altered(words: Words) -> Iterator[str]:
    """`alter table t drop [column] c, …`: an action that begins with `drop` and is about no constraint."""
    kind, index = kind_at(words, 1)
    if kind not in ("table", "foreign table", "type"):
        return
    table, behind = name_at(words, skip(words, index, _IF_EXISTS | {"only"}))
    starts = {behind + (list(words[behind : behind + 1]) == ["*"])}
    starts |= {at + 1 for at, depth in _depths(words) if depth == 0 and words[at] == ","}
    for start in sorted(starts):
        if list(words[start : start + 1]) == ["drop"] and list(words[start + 1 : start + 2]) != ["constraint"]:
            name = skip(words, start + 1, _IF_EXISTS | {"column", "attribute"})
            yield f"drop column {spelled(words[name : name + 1])} of {spelled(_dotted(table))}"


def _changed(words: Words) -> Iterator[str]:
    """`delete` and `update` that have no `where` of their own, in a WITH too."""
    depths = dict(_depths(words))
    for at, depth in depths.items():
        before = words[at - 1] if at else ""
        if words[at] not in ("delete", "update") or before not in ("", "(", ")"):
            continue
        end = next((i for i in range(at, len(words)) if depths[i] < depth), len(words))
        if not any(words[i] == "where" and depths[i] == depth for i in range(at, end)):
            table = skip(words, at + 1, frozenset({"from", "only"}))
            yield f"{_named(words[at], words, table)} without where"


def _depths(words: Words) -> Iterator[tuple[int, int]]:
    """Each word's index and how many parentheses it stands in; a parenthesis counts as outside of itself."""
    depth = 0
    for at, word in enumerate(words):
        depth -= word in (")", "]")
        yield at, depth
        depth += word in ("(", "[")


def _named(what: str, words: Words, index: int) -> str:
    name, _ = name_at(words, index)
    return f"{what} {spelled(_dotted(name))}".rstrip()


def _dotted(parts: tuple[str, ...]) -> list[str]:
    return [word for part in parts for word in (".", part)][1:]


_MAYBE = re.compile(r"\b(?:drop|truncate|delete|update)\b", re.IGNORECASE)
_IF_EXISTS = frozenset({"if", "exists"})
_HOLDS_DATA = frozenset(
    {"table", "foreign table", "materialized view", "schema", "sequence", "database", "large object"}
)
_IN_COLUMNS = frozenset({"type", "domain", "extension", "collation", "server"})  # with them go columns that use them
_MAY_CHANGE = frozenset({"delete", "update", "with", "insert", "select", "explain"})
_BEFORE_STATEMENT = frozenset({";", "begin", "then", "loop", "else"})
