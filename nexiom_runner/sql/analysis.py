"""Detail for reports, beyond what the lexer tells: whether an analyser can read a statement, whether it only reads."""

import logging
from functools import lru_cache
from importlib import import_module, util
from types import ModuleType

from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.split import cuts
from nexiom_runner.sql.words import Words


def unparsed(statement: str) -> str | None:
    """Why no analyser could read a statement; None when one did.

    pgparse (PostgreSQL 17's own grammar) is asked where it has a wheel; where it refuses, or is not there, sqlglot is.
    """
    reason = _unread_by_pgparse(statement)
    if reason is None:
        return None
    second = _unread_by_sqlglot(statement)
    return None if second is None else reason or second


def is_select(statement: str) -> bool:
    """Whether a text is one query that only reads: SELECT, VALUES or TABLE, with or without WITH.

    Not so: `select … into`, `for update` and its like, a WITH that inserts, updates, deletes or merges. Functions
    that write are not seen; a read-only transaction refuses them.
    """
    found = cuts(statement, significant(lexemes(statement)))
    if len(found) != 1:
        return False
    words = found[0].words
    start = next((index for index, word in enumerate(words) if word != "("), 0)
    return words[start] in ("select", "values", "table", "with") and not _writes(words)


def _writes(words: Words) -> bool:
    before = "("
    for index, word in enumerate(words):
        if word in ("insert", "update", "delete", "merge") and before in ("(", ")"):
            return True
        if word == "into" or (word == "for" and words[index + 1 : index + 2] and words[index + 1] in _LOCKING):
            return True
        before = word
    return False


def _unread_by_pgparse(statement: str) -> str | None:
    """None when it reads the statement, "" when it is not installed."""
    parser = _module("pgparse")
    if parser is None:
        return ""
    try:
        parser.parse(statement)
    except parser.PGQueryError as error:
        return str(error.message)
    return None


def _unread_by_sqlglot(statement: str) -> str | None:
    parser = _module("sqlglot")
    if parser is None:
        return "no analyser is installed"
    try:
        read = parser.parse_one(statement, dialect="postgres", error_level=parser.ErrorLevel.RAISE)
    except (parser.errors.ParseError, parser.errors.TokenError) as error:
        return str(error).split("\n", 1)[0].split(". Line", 1)[0]
    return "sqlglot does not know this statement" if isinstance(read, parser.exp.Command) else None


@lru_cache(maxsize=2)
def _module(name: str) -> ModuleType | None:
    # sqlglot takes 149 ms to import and pgparse has no wheel for every platform, so both are met when they are needed.
    # What sqlglot logs of a statement it cannot read is told by `unparsed` instead.
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    return import_module(name) if util.find_spec(name) else None


_LOCKING = frozenset({"update", "share", "no", "key"})
