"""The words of a statement: kinds of objects, names, lists in parentheses, argument types. Lexemes in, lexemes out.

Throughout, `words` are significant lexemes with unquoted words folded, so that they can be compared with keywords.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from nexiom_runner.sql.lexer import Kind, fold, kind_of

Words = Sequence[str]


def folded(pieces: Iterable[str]) -> list[str]:
    """Lexemes with keywords and unquoted identifiers folded; all else as written."""
    return [_folded(piece) if len(piece) < _SHORT else piece for piece in pieces]


def kind_at(words: Words, index: int) -> tuple[str, int]:
    """The kind of object named at `index` ("materialized view") and the index behind it; "" when there is none."""
    for kind in _KINDS.get(words[index], ()) if index < len(words) else ():
        if tuple(words[index : index + len(kind)]) == kind:
            return " ".join(kind), index + len(kind)
    return "", index


def skip(words: Words, index: int, skipped: frozenset[str]) -> int:
    """The index of the first word from `index` on that is not one of `skipped`."""
    while index < len(words) and words[index] in skipped:
        index += 1
    return index


def after_options(words: Words) -> list[str]:
    """The words behind the verb and its parenthesised list of options: `reindex (verbose) …`."""
    rest = list(words[1:])
    if rest[:1] == ["("]:
        rest = rest[rest.index(")") + 1 :] if ")" in rest else []
    return rest


def name_at(words: Words, index: int) -> tuple[tuple[str, ...], int]:
    """The parts of the (qualified) name at `index` as lexemes, and the index behind it."""
    if index >= len(words):
        return (), index
    end = index + 1
    while end + 1 < len(words) and words[end] == ".":
        end += 2
    return tuple(words[index:end:2]), end


def elements(words: Words, index: int) -> tuple[list[list[str]], int]:
    """The comma-separated elements in the parentheses that open at `index`, and the index behind the closing one."""
    found: list[list[str]] = [[]]
    depth = 0
    for at in range(index, len(words)):
        word = words[at]
        if word in _OPENING:
            depth += 1
        elif word in _CLOSING:
            depth -= 1
        if depth == 0:
            return [element for element in found if element], at + 1
        if depth == 1 and word == ",":
            found.append([])
        elif at > index:
            found[-1].append(word)
    return [element for element in found if element], len(words)


def argument_type(argument: Words) -> str:
    """The type in `[mode] [name] type [default value]` of a function; "" for OUT, which is no part of a signature."""
    words = _without_default(argument)
    mode = words[0] if words and words[0] in _MODES else ""
    words = words[1:] if mode else words
    if mode == "out" or not words:
        return ""
    kind = spelled(words if _starts_with_type(words) else words[1:])
    return f"variadic {kind}" if mode == "variadic" else kind


def argument_name(argument: Words) -> str:
    """The name in `[mode] [name] type [default value]`; "" for an argument without one."""
    words = _without_default(argument)
    words = words[1:] if words and words[0] in _MODES else words
    return "" if not words or _starts_with_type(words) else words[0]


def spelled(words: Words) -> str:
    """Words with the spaces a person would write; `public.` in front is left out."""
    text = ""
    before = ""
    for word in words:
        tight = not text or word in _TIGHT_BEFORE or before in _TIGHT_BEHIND
        text += word if tight else f" {word}"
        before = word
    return text.removeprefix("public.")


@lru_cache(maxsize=50_000)
def _folded(piece: str) -> str:
    """Scripts say the same words over and over; a word of _SHORT characters or more is folded by who asks its name."""
    return fold(piece) if kind_of(piece) is Kind.WORD else piece


def _without_default(argument: Words) -> list[str]:
    ends = (index for index, word in enumerate(argument) if word in ("default", "=", ":="))
    return list(argument[: next(ends, len(argument))])


def _starts_with_type(words: Words) -> bool:
    """One word, a qualified name, `numeric(3)`, `text[]`, `t.c%type`, or a type of several words."""
    if len(words) == 1 or words[0] == "setof" or words[1] in (".", "(", "["):
        return True
    return words[1] in _CONTINUED.get(words[0], ())


def _kinds(text: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Kinds by their first word, the longest first."""
    kinds = sorted((tuple(line.split()) for line in text.split(",")), key=len, reverse=True)
    return {kind[0]: tuple(other for other in kinds if other[0] == kind[0]) for kind in kinds}


_SHORT = 100
_KINDS = _kinds(
    "access method, aggregate, cast, collation, column, constraint, conversion, database, default privileges, domain,"
    "event trigger, extension, foreign data wrapper, foreign table, function, group, index, language, large object,"
    "materialized view, operator, operator class, operator family, parameter, policy, procedure, publication, role,"
    "routine, rule, schema, sequence, server, statistics, subscription, system, table, tablespace,"
    "text search configuration, text search dictionary, text search parser, text search template, transform, trigger,"
    "type, user, user mapping, view"
)
_OPENING = frozenset("([")
_CLOSING = frozenset(")]")
_MODES = frozenset({"in", "out", "inout", "variadic"})
_TIGHT_BEFORE = frozenset({".", "(", ")", "[", "]", ",", "%", ";"})
_TIGHT_BEHIND = frozenset({".", "(", "[", "%"})
_INTERVAL = ("year", "month", "day", "hour", "minute", "second")
_CONTINUED = {
    "double": ("precision",),
    "character": ("varying",),
    "char": ("varying",),
    "bit": ("varying",),
    "national": ("character", "char"),
    "timestamp": ("with", "without"),
    "time": ("with", "without"),
    "interval": _INTERVAL,
}
