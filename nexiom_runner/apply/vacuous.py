"""What did nothing because of `if exists` or `if not exists`: the server says so in a notice and goes on."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nexiom_runner.database.queries import load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Fault, ServerError, ServerReport
from nexiom_runner.sql.creates import Changes, find_changes, table_name
from nexiom_runner.sql.lexer import identifier, lexemes, significant
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.segments import Segment
from nexiom_runner.sql.words import Words, elements, folded, kind_at, name_at, skip, spelled

# duplicate_table, _object, _column, _schema, _function: https://www.postgresql.org/docs/current/errcodes-appendix.html
THERE_ALREADY = frozenset({"42P07", "42710", "42701", "42P06", "42723"})
NOT_THERE = " does not exist, skipping"  # has no SQLSTATE of its own
_CONDITION = re.compile(r"\bif\s+(?:not\s+)?exists\b(?!\s*\()", re.IGNORECASE)
_NAME = re.compile(r'"((?:[^"]|"")+)"|([\w.$]+)\(')
_BEHIND_TYPE = frozenset(
    {"not", "null", "default", "primary", "unique", "references", "check", "constraint"}
) | frozenset({"generated", "collate", "storage", "compression"})


@dataclass(frozen=True, slots=True)
class Vacuous:
    """A statement (from 0) that did nothing, and the server's words."""

    statement: int
    message: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A column in which a table that was there differs from the one the statement describes; None: has none."""

    name: str
    stated: str | None
    found: str | None


def may_be_vacuous(script: Script, segment: Segment) -> bool:
    """Whether a statement asks to be skipped: then what the server says is read before it is committed."""
    return _CONDITION.search(script.text, segment.start, segment.end) is not None


def find_vacuous(script: Script, segment: Segment, notices: Iterable[ServerReport], before: int) -> list[Vacuous]:
    """The statements of a segment that did nothing; `before` statements stood in front of it in the message.

    `drop … if exists` of what the rest of the segment's script creates is meant so, and is not among them.
    """
    found: list[Vacuous] = []
    for notice in notices:
        absent = notice.message.endswith(NOT_THERE)
        if not absent and notice.sqlstate not in THERE_ALREADY:
            continue
        index = _of(script, segment, notice, before, {one.statement for one in found})
        if index is not None and not (absent and _made_later(script, index, notice.message)):
            found.append(Vacuous(index, notice.message))
    return found


def _of(script: Script, segment: Segment, notice: ServerReport, before: int, known: set[int]) -> int | None:
    """The statement that a notice is of: the one under way by count, or the next, whichever has more of its names."""
    under_way = segment.first + notice.after - before
    near = [index for index in (under_way, under_way + 1) if segment.first <= index < segment.last]
    named = {first or second.rpartition(".")[2] for first, second in _NAME.findall(notice.message)}

    def fits(index: int) -> tuple[int, bool, bool]:
        text = script.statements[index].text
        words = {identifier(word) or word for word in _words(text)}
        return len(named & words), _CONDITION.search(text) is not None, index not in known

    return max(near, key=fits, default=None)


def told(script: Script, one: Vacuous) -> Fault:
    """The statement at its line, with the server's words."""
    statement = script.statements[one.statement]
    line = script.text[statement.head :].split("\n", 1)[0].rstrip()
    return script.rendered.fault(f'"{statement.label}" did nothing: {one.message}', statement.head, len(line) or 1)


def details(script: Script, found: Sequence[Vacuous]) -> dict[str, str]:
    """What the ledger keeps of it: a line each, with its place."""
    if not found:
        return {}
    places = (script.rendered.place(script.statements[one.statement].head) for one in found)
    return {"vacuous": "\n".join(f"{place} {one.message}" for place, one in zip(places, found, strict=True))}


def misfits(session: Session, script: Script, one: Vacuous) -> list[Misfit]:
    """How a table that `create table if not exists` met differs in its columns from what the statement says.

    Nothing where the statement lists no columns of its own (`as`, `like`, `partition of`). Asked in the transaction.
    """
    words = _words(script.statements[one.statement].text)
    stated = _stated(words)
    if stated is None:
        return []
    (schema, name), columns = stated
    try:
        with session.savepoint():
            return _compared(session, schema, name, columns)
    except ServerError:  # a type that only the grammar of columns knows
        return _compared(session, schema, name, [{**column, "type": None} for column in columns])


def _compared(session: Session, schema: str | None, name: str, columns: list[dict[str, Any]]) -> list[Misfit]:
    query = load(__file__, "misfits.sql")
    rows = session.rows(query, schema=schema, name=name, columns=json.dumps(columns))
    return [Misfit(row.name, row.stated, row.found) for row in rows]


def _stated(words: Words) -> tuple[tuple[str | None, str], list[dict[str, Any]]] | None:
    """The table and the columns of `create table if not exists t (…)`; None for any other statement."""
    kind, index = kind_at(words, skip(words, 1, frozenset({"unlogged"})))
    if words[0] != "create" or kind != "table" or list(words[index : index + 3]) != ["if", "not", "exists"]:
        return None
    parts, end = name_at(words, index + 3)
    if words[end : end + 1] != ["("]:
        return None
    listed, behind = elements(words, end)
    if "inherits" in words[behind:] or any(each[0] == "like" for each in listed):
        return None
    columns = [each for each in listed if each[0] not in _CONSTRAINTS]
    return table_name(parts), [{"name": identifier(each[0]), "type": _type(each[1:]) or None} for each in columns]


def _type(words: Words) -> str:
    end = next((at for at, word in enumerate(words) if word in _BEHIND_TYPE), len(words))
    return spelled(words[:end])


def _made_later(script: Script, index: int, message: str) -> bool:
    """Whether what a statement found missing is created by it or by a later one of the script."""
    match = _NAME.search(message)
    name = (match[1] or match[2]).rpartition(".")[2] if match else ""
    dropped = [old for old in _changes(script.statements[index].text).drops if old.name == name]
    return any(
        any(_same(old, new) for new in _changes(statement.text).creates for old in dropped)
        or _has_constraint(statement.text, name, added=number == 0)
        for number, statement in enumerate(script.statements[index:])
    )


def _has_constraint(text: str, name: str, *, added: bool) -> bool:
    """Whether the statement makes a constraint of this name; `added`: by `add`, which `drop` of the same one is not."""
    words = [identifier(word) or word for word in _words(text)]
    before = ["add", "constraint", name] if added else ["constraint", name]
    return any(words[at : at + len(before)] == before for at in range(len(words)))


def _same(old: Name, new: Name) -> bool:
    """Names of one object; a schema that is not written is public."""
    return (old.kind, old.name, old.table, old.schema or "public") == (
        new.kind,
        new.name,
        new.table,
        new.schema or "public",
    )


def _changes(text: str) -> Changes:
    changes = Changes()
    find_changes(_words(text), changes)
    return changes


def _words(text: str) -> list[str]:
    return folded(piece for _, piece in significant(lexemes(text)) if piece != ";")


_CONSTRAINTS = frozenset({"constraint", "primary", "unique", "check", "foreign", "exclude"})
