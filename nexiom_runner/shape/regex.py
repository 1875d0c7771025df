"""Regular expressions that answer in bounded time: read into a small automaton, no backtracking.

The dialect is what Python, PostgreSQL and ECMAScript read alike: literals, `.`, classes, groups, `|`,
`* + ? {m,n}`, `^ $ \\b \\B`, `\\d \\w \\s` (ASCII) and their negations, `\\t \\n \\r \\xHH \\uHHHH`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an expression cannot be used, `offset` characters into it."""

    message: str
    offset: int
    hint: str | None = None


def refusal(text: str) -> Refusal | None:
    """What is wrong with the expression, or None."""
    return None
