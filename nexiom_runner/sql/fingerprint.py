"""Fingerprints: what a script means, whatever its comments and white space.

A semantic fingerprint is the sha256 of the tokens. Unquoted words are folded as PostgreSQL folds them; literals,
bodies, quoted identifiers and `-- nexiom:` comments count byte for byte; secrets stay ‹secret:X›. Tokens are
delimited by NUL, which no text has. Literals that a line end joins into one are marked as joined, because on one line
they are a syntax error.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from nexiom_runner.sql.lexer import Kind, fold, is_blank, kind_of, lexemes


def semantic(text: str) -> str:
    """The semantic fingerprint of rendered SQL, lower-case hex."""
    return of_lexemes(lexemes(text))


def of_lexemes(pieces: list[str]) -> str:
    """The semantic fingerprint of a text whose lexemes are known."""
    return sha256("\0".join(_meaning(pieces)).encode("utf-8", "surrogatepass")).hexdigest()


def _meaning(pieces: list[str]) -> Iterator[str]:
    spelled = {piece: _spelled(piece) for piece in set(pieces)}
    before = ""
    broken = False  # a line end since the last token, outside of block comments
    for piece in pieces:
        shown = spelled[piece]
        if shown is None:
            broken = broken or (piece[0] != "/" and "\n" in piece)
            continue
        if broken and piece[0] == "'" and _CONTINUED.match(before):
            yield "\n"
        yield shown
        before = piece
        broken = False


def _spelled(piece: str) -> str | None:
    """The piece as it counts; None where it does not."""
    if piece.startswith("-- nexiom:"):
        return piece.rstrip()
    if is_blank(piece):
        return None
    return fold(piece) if kind_of(piece) is Kind.WORD else piece


_CONTINUED = re.compile(r"[eEbBxXnN]?'|[uU]&'")
