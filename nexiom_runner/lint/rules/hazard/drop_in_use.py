"""Something dropped that a function, a view or a later script still speaks of."""

from collections.abc import Iterator
from dataclasses import replace

from nexiom_runner.catalog.names import quoted
from nexiom_runner.lint.moves import Move
from nexiom_runner.lint.places import words_of
from nexiom_runner.lint.rule import Found
from nexiom_runner.sql.creates import Changes, find_changes
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script

_KINDS = frozenset({"table", "view", "materialized view", "function", "procedure", "type", "column", "domain"})


def find(move: Move) -> Iterator[Found]:
    """A drop of what a repeatable or a later script mentions and nothing makes again."""
    if move.tag not in ("DropStmt", "AlterTableStmt") or move.script.drops == frozenset():
        return
    changes = Changes()
    find_changes(words_of(move.planned.statement), changes)
    for name in sorted(changes.drops, key=str):
        users = list(_users(name, move)) if name.kind in _KINDS else []
        if users and not _again(name, move):
            yield _found(name, users, move)


def _users(name: Name, move: Move) -> Iterator[str]:
    for script in move.scripts:
        if name.name not in script.mentions.words or script is move.script:
            continue
        runs = script.kind == "repeatable" or move.runs_later(script)
        if runs and script.mentions.holds(name) and not _drops(script, name):
            yield script.key


def _drops(script: Script, name: Name) -> bool:
    return any(_same(other, name) for other in script.drops)


def _again(name: Name, move: Move) -> bool:
    """The same script, or a later or repeatable one, makes it again."""
    makers = (move.script, *(one for one in move.others if one.kind == "repeatable" or move.runs_later(one)))
    return any(_same(made, name) for script in makers for made in script.creates)


def _same(one: Name, other: Name) -> bool:
    return (one.kind, one.schema or "public", one.name, one.table) == (
        other.kind,
        other.schema or "public",
        other.name,
        other.table,
    )


def _found(name: Name, users: list[str], move: Move) -> Found:
    more = f" and {len(users) - 1} more" if len(users) > 1 else ""
    table = (name.schema or "public", name.table or name.name)
    what = f"column {quoted(name.name)} is dropped" if name.kind == "column" else "is dropped"
    found = move.found("drop-in-use", table, f"{what} while {users[0]}{more} still uses it", f"change {users[0]} first")
    if name.kind == "column":
        return replace(found, level="warn")
    return replace(found, kind=name.kind, level="error")
