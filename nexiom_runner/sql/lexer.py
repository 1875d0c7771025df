"""PostgreSQL's lexical rules: text into lexemes that, joined, are the text again.

https://www.postgresql.org/docs/current/sql-syntax-lexical.html, with `standard_conforming_strings` on.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache
from itertools import accumulate, takewhile
from typing import NamedTuple


class Kind(StrEnum):
    """What a token is."""

    SPACE = "space"
    COMMENT = "comment"
    WORD = "word"  # a keyword or an unquoted identifier
    QUOTED = "quoted identifier"
    STRING = "string"  # '', E'', B'', X'', N'', U&''
    DOLLAR = "dollar-quoted string"
    NUMBER = "number"
    PARAMETER = "parameter"
    OPERATOR = "operator"
    PUNCTUATION = "punctuation"  # , ( ) [ ] ; : :: := . ..
    META = "psql meta-command"  # a backslash outside of quotes, to the end of its line
    OTHER = "other"


class Token(NamedTuple):
    """A piece of a text: offsets in characters, `text[start:end]`."""

    kind: Kind
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Every character of the text is in exactly one token; unterminated literals and comments reach to the end."""
    pieces = lexemes(text)
    kinds = {piece: kind_of(piece) for piece in set(pieces)}
    offsets = [0, *accumulate(map(len, pieces))]
    return list(map(Token, map(kinds.__getitem__, pieces), offsets, offsets[1:]))


def lexemes(text: str) -> list[str]:
    """The texts of the tokens, in one pass of one regular expression."""
    pieces: list[str] = []
    position = 0
    while position < len(text):
        found = (match.group() for match in _lexeme().finditer(text, position))
        known = len(pieces)
        pieces.extend(takewhile(_OPEN_COMMENT.__ne__, found))
        position += sum(map(len, pieces[known:]))
        if position < len(text):
            end = _end_of_comment(text, position) or len(text)
            pieces.append(text[position:end])
            position = end
    return pieces


def kind_of(lexeme: str) -> Kind:
    """The kind of one lexeme, told by its first characters."""
    first = lexeme[0]
    kind = _KINDS.get(first)
    if kind is not None:
        return kind
    if first in "-/":
        return Kind.COMMENT if lexeme[:2] in ("--", "/*") else Kind.OPERATOR
    if first == "$":
        return _kind_of_dollar(lexeme)
    if first == ".":
        return Kind.NUMBER if lexeme[1:2].isdigit() else Kind.PUNCTUATION
    return _kind_of_letter(lexeme) if (first.isascii() and first.isalpha()) or first >= "\x80" else Kind.OTHER


def is_blank(lexeme: str) -> bool:
    """White space or a comment: what the server's parser never sees."""
    return lexeme[0] in _SPACES or lexeme[:2] in ("--", "/*")


def unterminated(pieces: Sequence[str]) -> str | None:
    """What the last lexeme opens and the text never closes: "string", "comment" …; None when all is closed."""
    if not pieces or _terminated().fullmatch(pieces[-1]):
        return None
    if pieces[-1].startswith("/*"):
        return None if _end_of_comment(pieces[-1], 0) else "comment"
    kind = kind_of(pieces[-1])
    return kind.value if kind in _OPENING else None


def fold(identifier: str) -> str:
    """An unquoted identifier as PostgreSQL keeps it: ASCII letters in lower case, at most 63 bytes."""
    folded = identifier.lower() if identifier.isascii() else identifier.translate(_LOWER)
    return _clip(folded)


def identifier(lexeme: str) -> str | None:
    """The name a word or a quoted identifier stands for; None for any other lexeme."""
    return _identifier(lexeme) if len(lexeme) < 200 else _name_of(lexeme)


def string_value(lexeme: str) -> str | None:
    """The text within a plain, E'' or dollar-quoted string; None for any other lexeme or one that is not closed."""
    kind = kind_of(lexeme)
    if kind is Kind.DOLLAR:
        width = lexeme.index("$", 1) + 1
        return lexeme[width:-width] if lexeme.endswith(lexeme[:width], width) else None
    if kind is not Kind.STRING or len(lexeme) < 2 or not lexeme.endswith("'"):
        return None
    body = lexeme[lexeme.index("'") + 1 : -1].replace("''", "'")
    return re.sub(r"\\(.)", _unescaped, body, flags=re.DOTALL) if lexeme[0] in "eE" else body


def significant(pieces: Sequence[str]) -> list[tuple[int, str]]:
    """(offset, lexeme) of every lexeme that is neither white space nor a comment."""
    blank = {piece for piece in set(pieces) if is_blank(piece)}
    offsets = accumulate(map(len, pieces), initial=0)
    return [(offset, piece) for offset, piece in zip(offsets, pieces, strict=False) if piece not in blank]


@lru_cache(maxsize=50_000)
def _identifier(lexeme: str) -> str | None:
    """Scripts say the same names over and over; long lexemes are bodies, not worth keeping."""
    return _name_of(lexeme)


def _name_of(lexeme: str) -> str | None:
    kind = kind_of(lexeme)
    if kind is Kind.WORD:
        return fold(lexeme)
    if kind is Kind.QUOTED:
        return _clip(_unquoted(lexeme))
    return None


def _kind_of_dollar(lexeme: str) -> Kind:
    if len(lexeme) == 1:
        return Kind.OTHER
    return Kind.PARAMETER if lexeme[1] in "0123456789" else Kind.DOLLAR


def _kind_of_letter(lexeme: str) -> Kind:
    second = lexeme[1:2]
    if second == "'":
        return Kind.STRING
    if second == "&" and lexeme[2:3]:
        return Kind.STRING if lexeme[2] == "'" else Kind.QUOTED
    return Kind.WORD


def _unquoted(lexeme: str) -> str:
    name = lexeme[lexeme.index('"') + 1 : -1].replace('""', '"')
    return _UNICODE.sub(_decoded, name) if lexeme[0] in "uU" else name


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[1])


def _decoded(match: re.Match[str]) -> str:
    return chr(min(int(match[1] or match[2], 16), 0x10FFFF))


def _clip(name: str) -> str:
    if len(name) <= 15 or len(name.encode("utf-8", "surrogatepass")) <= 63:
        return name
    return name.encode("utf-8", "surrogatepass")[:63].decode("utf-8", "ignore")


def _end_of_comment(text: str, start: int) -> int | None:
    depth = 0
    for match in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return None


@cache
def _lexeme() -> re.Pattern[str]:
    """Compiled when first asked for: that takes longer than all else of a run with nothing to do in this stage."""
    return re.compile("|".join(_LEXEMES))


@cache
def _terminated() -> re.Pattern[str]:
    return re.compile(_CLOSED)


def _comment(depth: int) -> str:
    """A comment with at most `depth` comments nested in one another; deeper ones are counted by hand."""
    inner = f"|{_comment(depth - 1)}" if depth else ""
    return rf"/\*(?>(?:[^*/]++|\*(?!/)|/(?!\*){inner})*)\*/"


# A possessive repeat of a group, `(?:…)*+`, goes wrong in Python before 3.11.5 (gh-106052); `(?>(?:…)*)` says the same.
_SPACES = " \t\n\r\f\v"
_START = r"[A-Za-z_\x80-\U0010ffff]"
_NEXT = r"[A-Za-z0-9_$\x80-\U0010ffff]"
_PLAIN = r"'(?>[^']*(?:''[^']*)*)'"
_ESCAPED = r"[eE]'(?>(?:[^'\\]++|''|\\[\s\S])*)'"
_QUOTED = r'"(?>[^"]*(?:""[^"]*)*)"'
_DIGITS = r"(?>[0-9]+(?:_[0-9]+)*)"
_EXPONENT = rf"(?:[eE][+-]?{_DIGITS})?"
_NUMBER = (
    r"0[xX](?>(?:_?[0-9A-Fa-f])+)|0[oO](?>(?:_?[0-7])+)|0[bB](?>(?:_?[01])+)"
    rf"|{_DIGITS}(?:\.(?!\.)(?:{_DIGITS})?)?{_EXPONENT}|\.{_DIGITS}{_EXPONENT}"
)
_TAG = r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*+\$"
_DOLLAR = rf"\$\$[\s\S]*?\$\$|\$({_TAG})[\s\S]*?\$\1"
# An operator of several characters ends in + or - only if it holds one of ~ ! @ # ^ & | ` ? %; none runs into -- or /*.
_ARITHMETIC = r"(?:[+*<>=]|-(?!-)|/(?!\*))"
_ANY_OPERATOR = r"(?:[~!@#^&|`?%+*<>=]|-(?!-)|/(?!\*))"
_OPERATOR = (
    rf"(?>{_ARITHMETIC}{{0,62}})[~!@#^&|`?%](?>{_ANY_OPERATOR}*)"
    rf"|{_ARITHMETIC}{{0,62}}(?:[*<>=]|/(?!\*))|{_ARITHMETIC}"
)
_COMMENT_TEXT = _comment(3)

# Unterminated things reach to the end, so that none of them is scanned twice.
_LEXEMES = (
    rf"[{_SPACES}]++",
    rf"{_ESCAPED}|[eE]'[\s\S]*+",
    rf"[bBxXnN]{_PLAIN}|[bBxXnN]'[\s\S]*+",
    rf"[uU]&(?:{_PLAIN}|{_QUOTED}|['\"][\s\S]*+)",
    rf"{_START}{_NEXT}*+",
    r"[,();\[\]]",
    rf"{_PLAIN}|'[\s\S]*+",
    rf"{_QUOTED}|\"[\s\S]*+",
    r"--[^\n\r]*+",
    rf"{_COMMENT_TEXT}|/\*",
    _NUMBER,
    rf"{_DOLLAR}|\$\$[\s\S]*+|\${_TAG}[\s\S]*+",
    r"\$[0-9]++",
    r"\\[^\n]*+",
    r"::|:=|\.\.",
    _OPERATOR,
    r"[\s\S]",
)
_CLOSED = f"{_ESCAPED}|[bBxXnN]?{_PLAIN}|[uU]&(?:{_PLAIN}|{_QUOTED})|{_QUOTED}|--[^\n\r]*+|{_DOLLAR}"
_OPEN_COMMENT = "/*"  # what is left of a comment nested deeper than the pattern, or never closed
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_UNICODE = re.compile(r"\\(?:([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6}))")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_OPENING = frozenset({Kind.STRING, Kind.QUOTED, Kind.DOLLAR})
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_KINDS = (
    dict.fromkeys(_SPACES, Kind.SPACE)
    | dict.fromkeys("acdfghijklmopqrstvwyzACDFGHIJKLMOPQRSTVWYZ_", Kind.WORD)
    | dict.fromkeys("0123456789", Kind.NUMBER)
    | dict.fromkeys("+*<>=~!@#^&|`?%", Kind.OPERATOR)
    | dict.fromkeys(",()[];:", Kind.PUNCTUATION)
    | {"'": Kind.STRING, '"': Kind.QUOTED, "\\": Kind.META}
)
