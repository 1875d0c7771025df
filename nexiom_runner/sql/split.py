"""A script's text into statements, as the server's grammar ends them, each with its place and its label."""

import re
from dataclasses import dataclass

from nexiom_runner.sql.label import label
from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.words import folded

Lexeme = tuple[int, str]  # offset in the text, text


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: `text` is the script's from `start` to `end`, `head` the offset of its first token.

    The text starts where the statement before ends, so comments above a statement are its own; a comment behind the
    `;` on the same line belongs to what it follows.
    """

    start: int
    end: int
    text: str
    head: int

    @property
    def label(self) -> str:
        """What it does in a few words: "create table messages"."""
        pieces = [piece for _, piece in significant(lexemes(self.text))]
        return label(pieces[:-1] if pieces[-1] == ";" else pieces)


@dataclass(frozen=True, slots=True)
class Cut:
    """A statement with its tokens: what `split` and the readers of names share."""

    statement: Statement
    tokens: list[Lexeme]  # without white space, comments and the last `;`; offsets are the script's
    words: list[str]  # the tokens, folded


def split(text: str) -> tuple[Statement, ...]:
    """The statements of a script; their texts joined are the script, unless it has no statement at all.

    Never raises: what the lexer cannot close ends with the text.
    """
    return tuple(cut.statement for cut in cuts(text, significant(lexemes(text))))


def cuts(text: str, tokens: list[Lexeme]) -> list[Cut]:
    """The statements of a text whose significant tokens are known."""
    spans = _spans(tokens)
    starts = [0, *(_end_of_line(text, tokens[last][0] + 1) for _, last in spans[:-1])]
    ends = [*starts[1:], len(text)]
    return [
        _cut(text, tokens[first:last], start, end)
        for (first, last), start, end in zip(spans, starts, ends, strict=bool(spans))
    ]


def _cut(text: str, tokens: list[Lexeme], start: int, end: int) -> Cut:
    words = folded(piece for _, piece in tokens)
    return Cut(Statement(start, end, text[start:end], tokens[0][0]), tokens, words)


def _spans(tokens: list[Lexeme]) -> list[tuple[int, int]]:
    """(index of the first token, index of the `;`) of every statement that is not empty."""
    spans = []
    first = 0
    while first < len(tokens):
        last = _terminator(tokens, first)
        if last > first:
            spans.append((first, last))
        first = last + 1
    return spans


def _terminator(tokens: list[Lexeme], first: int) -> int:
    """Index of the `;` that ends the statement, or one past the last token."""
    words = [piece.lower() for _, piece in tokens[first : first + 4]]
    if words[:1] == ["create"]:
        kind = words[3:4] if words[1:3] == ["or", "replace"] else words[1:2]
        if kind == ["rule"]:
            return _outside_parentheses(tokens, first)
        if kind in (["function"], ["procedure"]):
            return _outside_body(tokens, first)
    return next((index for index in range(first, len(tokens)) if tokens[index][1] == ";"), len(tokens))


def _outside_parentheses(tokens: list[Lexeme], first: int) -> int:
    """`create rule … do (a; b)`: only a `;` outside of parentheses ends it."""
    depth = 0
    for index in range(first, len(tokens)):
        piece = tokens[index][1]
        if piece == ";" and depth <= 0:
            return index
        depth += (piece == "(") - (piece == ")")
    return len(tokens)


def _outside_body(tokens: list[Lexeme], first: int) -> int:
    """`create function … begin atomic …; end`: each `;` up to the `end` that closes the body is within it.

    https://www.postgresql.org/docs/current/sql-createfunction.html: every statement of the body ends with `;`, so the
    `end` that closes it follows a `;` or `atomic`; any other `end` closes a `case` (or is a name behind `as` or a dot).
    """
    within = False
    cases = 0
    before = ""
    for index in range(first, len(tokens)):
        word = tokens[index][1].lower()
        if not within:
            if word == ";":
                return index
            within = word == "atomic" and before == "begin"
        elif word == "case" and before not in ("as", ".", "end") and not _names_column(tokens, index):
            cases += 1
        elif word == "end" and cases and before not in ("as", "."):
            cases -= 1
        elif word == "end" and before in (";", "atomic"):
            within = False
        before = word
    return len(tokens)


def _names_column(tokens: list[Lexeme], index: int) -> bool:
    """`select 1 case, 2`: a keyword that stands before one of these is a label."""
    return tokens[index + 1 : index + 2] != [] and tokens[index + 1][1] in (",", ";", ")")


def _end_of_line(text: str, end: int) -> int:
    """Past a comment that follows on the same line, else where it was."""
    match = _TRAILING.match(text, end)
    return match.end() if match else end


_TRAILING = re.compile(r"[ \t]*--[^\n]*|(?:[ \t]*/\*(?:(?!\*/|/\*)[^\n])*\*/)+(?=[ \t]*(?:\n|\Z))")
