"""What a statement creates, drops and renames, from its words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nexiom_runner.sql.label import BEFORE_NAME, CREATE_MODIFIERS
from nexiom_runner.sql.lexer import identifier, string_value
from nexiom_runner.sql.mentions import TABLE_CONSTRAINTS, body_words, looks_like_sql
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.words import Words, elements, kind_at, name_at, skip


@dataclass(slots=True)
class Changes:
    """Objects created and dropped, while they are collected; a rename drops the old name and creates the new one."""

    creates: set[Name] = field(default_factory=set)
    drops: set[Name] = field(default_factory=set)
    renames: set[tuple[Name, Name]] = field(default_factory=set)


def find_changes(words: Words, changes: Changes) -> None:
    """Add what a statement creates, drops and renames; what a DO block does, dynamic statements included, counts.

    Temporary objects do not: no other script sees them.
    """
    if words[0] == "create":
        changes.creates.update(_created(words))
    elif words[0] == "drop":
        changes.drops.update(_dropped(words))
    elif words[0] == "alter":
        _alter(words, changes)
    elif words[0] == "do":
        _do(words, changes)
    elif words[0] in ("select", "with"):
        changes.creates.update(_selected_into(words))


def table_name(parts: Iterable[str]) -> tuple[str | None, str]:
    """(schema, name) of the lexemes of a qualified name, folded and without quotes."""
    names = [identifier(part) or part for part in parts]
    return (names[-2] if len(names) > 1 else None), names[-1]


def _created(words: Words) -> Iterator[Name]:
    kind, index = kind_at(words, skip(words, 1, CREATE_MODIFIERS))
    if not kind or not _TEMPORARY.isdisjoint(words[1:index]):
        return
    index = skip(words, index, BEFORE_NAME)
    if kind == "schema" and words[index : index + 1] == ["authorization"]:
        index += 1
    parts, end = name_at(words, index)
    if not parts or identifier(parts[-1]) is None or (kind == "index" and parts == ("on",)):
        return
    yield from _object(_KINDS.get(kind, kind), parts, words, end)


def _object(kind: str, parts: tuple[str, ...], words: Words, end: int) -> Iterator[Name]:
    schema, name = table_name(parts)
    if kind in _BEFORE_TABLE:
        owner = _table_behind(words, end, _BEFORE_TABLE[kind])
        if owner is not None:
            yield Name(kind, owner[0], name, None if kind == "index" else owner[1])
        return
    yield Name(kind, schema, name)
    if kind in ("table", "type", "view", "materialized view"):
        yield from (Name("column", schema, column, name) for column in _columns(kind, words, end))
    if kind == "table":
        yield from (Name("sequence", schema, f"{name}_{column}_seq") for column in _serials(words, end))


def _table_behind(words: Words, index: int, before: str) -> tuple[str | None, str] | None:
    found = next((at for at in range(index, len(words)) if words[at] == before), len(words))
    parts, _ = name_at(words, skip(words, found + 1, BEFORE_NAME))
    return table_name(parts) if parts else None


def _definitions(words: Words, end: int) -> list[list[str]]:
    opening = skip(words, end, frozenset({"as"}))
    found = elements(words, opening)[0] if words[opening : opening + 1] == ["("] else []
    return [element for element in found if element[0] not in TABLE_CONSTRAINTS]


def _columns(kind: str, words: Words, end: int) -> Iterator[str]:
    if kind == "type" and words[end : end + 1] != ["as"]:
        return
    for element in _definitions(words, end):
        column = identifier(element[0])
        if column is not None and element[0] not in ("select", "with", "values"):
            yield column


def _serials(words: Words, end: int) -> Iterator[str]:
    for element in _definitions(words, end):
        column = identifier(element[0])
        if column is not None and (not _SERIAL.isdisjoint(element[1:2]) or "identity" in element[1:]):
            yield column


def _dropped(words: Words) -> Iterator[Name]:
    kind, index = kind_at(words, 1)
    kind = _KINDS.get(kind, kind)
    index = skip(words, index, BEFORE_NAME)
    if kind in _BEFORE_TABLE and kind != "index":
        parts, end = name_at(words, index)
        owner = _table_behind(words, end, "on")
        if owner is not None:
            yield Name(kind, owner[0], table_name(parts)[1], owner[1])
        return
    for element in elements(["(", *words[index:], ")"], 0)[0] if kind else ():
        parts, _ = name_at(element, 0)
        if identifier(parts[-1]) is not None:
            yield Name(kind, *table_name(parts))


def _alter(words: Words, changes: Changes) -> None:
    kind, index = kind_at(words, 1)
    kind = _KINDS.get(kind, kind)
    parts, end = name_at(words, skip(words, index, BEFORE_NAME))
    if not kind or not parts:
        return
    old = Name(kind, *table_name(parts))
    if "rename" in words[end:]:
        _rename(old, words, words.index("rename", end) + 1, changes)
    elif list(words[end : end + 2]) == ["set", "schema"] and end + 2 < len(words):
        _replace(old, Name(kind, identifier(words[end + 2]), old.name), changes)
    elif kind in ("table", "type"):
        _columns_altered(old, words[skip(words, end, frozenset("*")) :], changes)


def _rename(old: Name, words: Words, index: int, changes: Changes) -> None:
    """`rename to b`, `rename [column] a to b`, `rename attribute a to b`; constraints and values have no names here."""
    if words[index : index + 1] == ["constraint"] or words[index : index + 1] == ["value"]:
        return
    index = skip(words, index, frozenset({"column", "attribute"}))
    names = [identifier(word) or "" for word in words[index : index + 3] if word != "to"]
    if words[index : index + 1] == ["to"] and names:
        table = _table_behind(words, index - 3, "on") if old.kind in ("trigger", "policy", "rule") else None
        if table is not None:
            old = Name(old.kind, table[0], old.name, table[1])
        _replace(old, Name(old.kind, old.schema, names[0], old.table), changes)
    elif len(names) == 2:
        column = Name("column", old.schema, names[0], old.name)
        _replace(column, Name("column", old.schema, names[1], old.name), changes)


def _replace(old: Name, new: Name, changes: Changes) -> None:
    changes.drops.add(old)
    changes.creates.add(new)
    changes.renames.add((old, new))


def _columns_altered(table: Name, words: Words, changes: Changes) -> None:
    for action in elements(["(", *words, ")"], 0)[0]:
        index = skip(action, 1, _BEFORE_COLUMN)
        column = identifier(action[index]) if index < len(action) else None
        if column is None or action[index] in TABLE_CONSTRAINTS or action[1] in TABLE_CONSTRAINTS:
            continue
        name = Name("column", table.schema, column, table.name)
        if action[0] == "add" and action[1] != "value":
            changes.creates.add(name)
        elif action[0] == "drop":
            changes.drops.add(name)


def _do(words: Words, changes: Changes) -> None:
    pending = [string_value(word) for word in words[1:] if word[-1] in "'$"]
    while pending:
        body = body_words(pending.pop() or "")
        pending.extend(text for text in map(_dynamic, body) if text is not None)
        for statement in _statements(body):
            find_changes(statement, changes)


def _dynamic(word: str) -> str | None:
    """The statement in a literal of a body, if it is one."""
    text = string_value(word) if word[-1] in "'$" else None
    return text if text is not None and looks_like_sql(text) else None


def _statements(words: list[str]) -> Iterator[list[str]]:
    """The DDL statements of a plpgsql body: from the verb behind `;`, `begin`, `then` … to the next `;`."""
    before = ";"
    for index, word in enumerate(words):
        if word in ("create", "alter", "drop") and before in _BEFORE_STATEMENT:
            end = next((at for at in range(index, len(words)) if words[at] == ";"), len(words))
            yield words[index:end]
        before = word


def _selected_into(words: Words) -> Iterator[Name]:
    """`select … into new_table from …`."""
    depth = 0
    for index, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if word == "insert" and depth == 0:
            return
        if word == "into" and depth == 0 and index + 1 < len(words):
            behind = skip(words, index + 1, frozenset({"unlogged", "table"}))
            parts, _ = name_at(words, behind)
            if parts and parts[0] not in _TEMPORARY:
                yield Name("table", *table_name(parts))
            return


_TEMPORARY = frozenset({"temp", "temporary", "local"})
_KINDS = {"foreign table": "table", "user": "role", "group": "role", "routine": "function", "aggregate": "function"}
_BEFORE_TABLE = {"index": "on", "trigger": "on", "policy": "on", "rule": "to"}
_SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"})
_BEFORE_COLUMN = frozenset({"column", "attribute", "if", "not", "exists"})
_BEFORE_STATEMENT = frozenset({";", "begin", "then", "else", "loop"})
