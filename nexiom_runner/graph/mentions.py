"""Where in a script a name stands, looked for only when a message needs it."""

import re
from collections.abc import Iterator

from nexiom_runner.errors import Fault
from nexiom_runner.sql.lexer import Kind, identifier, kind_of, lexemes, significant
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script
from nexiom_runner.sql.split import Statement


def locate(script: Script, name: Name) -> tuple[int, int] | None:
    """Offset in the rendered text and width of the first mention; None where only `drop … if exists` speaks of it."""
    word = name.table if name.table is not None and name.kind != "column" else name.name
    for statement in script.statements:
        if not _drops_if_exists(statement):
            found = next(_within(statement, word), None)
            if found is not None:
                return found
    return None


def locate_creation(script: Script, name: Name) -> tuple[int, int]:
    """Offset and width of the name in the statement that creates it; the script's beginning where it does not show."""
    for statement in script.statements:
        if statement.label.startswith(("create", "alter")):
            found = next(_within(statement, name.name), None)
            if found is not None:
                return found
    return (script.statements[0].head if script.statements else 0), 1


def locate_in(statement: Statement, word: str) -> tuple[int, int]:
    """Offset and width of a name in one statement; the statement's beginning where it does not show."""
    return next(_within(statement, word), (statement.head, 1))


def fault_at(script: Script, found: tuple[int, int], message: str, **fields: str) -> Fault:
    """A fault of the script at a place found above."""
    offset, width = found
    return script.rendered.fault(message, offset, width, **fields)


def _within(statement: Statement, word: str) -> Iterator[tuple[int, int]]:
    for offset, lexeme in significant(lexemes(statement.text)):
        if identifier(lexeme) == word:
            yield statement.start + offset, len(lexeme)
        elif kind_of(lexeme) in (Kind.DOLLAR, Kind.STRING):
            for match in re.finditer(rf"(?i)(?<![\w$]){re.escape(word)}(?![\w$])", lexeme):
                yield statement.start + offset + match.start(), len(word)


def _drops_if_exists(statement: Statement) -> bool:
    return statement.label.startswith("drop") and bool(re.search(r"(?i)\bif\s+exists\b", statement.text))
