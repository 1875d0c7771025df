"""Changes to the body of a function: a key of its JSON left out, an early return, a boundary moved by one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nexiom_runner.sql.lexer import lexemes, significant, string_value
from nexiom_runner.sql.words import folded

BUILDERS = ("jsonb_build_object", "json_build_object")
BOUNDARIES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
OPENING, CLOSING = "([", ")]"
NO_VALUE = ("void",)


class Changed(NamedTuple):
    """A body with one thing changed, and what that is."""

    what: str
    body: str
    missing: str


class _Word(NamedTuple):
    start: int
    end: int
    text: str  # folded


def change_body(body: str, language: str, returns: str, *, returns_set: bool) -> Iterator[Changed]:
    """Every change of a plpgsql or SQL body, none of another language."""
    if language not in ("plpgsql", "sql"):
        return
    words = _words(body)
    yield from _early(body, words, language, returns, returns_set)
    yield from _without_keys(body, words)
    yield from _boundaries(body, words)


def _words(body: str) -> list[_Word]:
    found = significant(lexemes(body))
    texts = folded(piece for _, piece in found)
    return [_Word(at, at + len(piece), text) for (at, piece), text in zip(found, texts, strict=True)]


def _early(body: str, words: Sequence[_Word], language: str, returns: str, returns_set: bool) -> Iterator[Changed]:
    missing = "a call with a `result:` or `changes:` that an empty function does not fulfil"
    if language == "plpgsql":
        begin = next((word for word in words if word.text == "begin"), None)
        if begin is not None:
            value = "" if returns_set or returns in NO_VALUE else " null"
            changed = f"{body[: begin.end]} return{value}; {body[begin.end :]}"
            yield Changed("returns before its first statement", changed, missing)
    elif not returns_set:
        value = "" if returns in NO_VALUE else f"null::{returns}"
        yield Changed("returns null without doing anything", f" select {value} ", missing)


def _without_keys(body: str, words: Sequence[_Word]) -> Iterator[Changed]:
    """Each pair of each object whose key is a literal."""
    for at, word in enumerate(words):
        if word.text in BUILDERS and words[at + 1 : at + 2] and words[at + 1].text == "(":
            arguments = _arguments(words, at + 1)
            for number in range(0, len(arguments) - 1, 2):
                key = arguments[number]
                name = string_value(body[key[0].start : key[-1].end]) if len(key) == 1 else None
                if name is not None:
                    left = _cut(body, arguments, number)
                    yield Changed(f'leaves out the key "{name}"', left, f'a call whose `result:` states "{name}"')


def _arguments(words: Sequence[_Word], opening: int) -> list[list[_Word]]:
    """The words of each argument in the parentheses that open there."""
    found: list[list[_Word]] = [[]]
    depth = 0
    for word in words[opening:]:
        depth += (word.text in OPENING) - (word.text in CLOSING)
        if depth == 0:
            break
        if depth == 1 and word.text == ",":
            found.append([])
        elif depth > 1 or word.text not in OPENING:
            found[-1].append(word)
    return [argument for argument in found if argument]


def _cut(body: str, arguments: Sequence[Sequence[_Word]], number: int) -> str:
    """The body without a key and its value, and without the comma behind or before them."""
    if number + 2 < len(arguments):
        return body[: arguments[number][0].start] + body[arguments[number + 2][0].start :]
    start = arguments[number - 1][-1].end if number else arguments[number][0].start
    return body[:start] + body[arguments[number + 1][-1].end :]


def _boundaries(body: str, words: Sequence[_Word]) -> Iterator[Changed]:
    for word in words:
        if word.text in BOUNDARIES:
            other = BOUNDARIES[word.text]
            line = body.count("\n", 0, word.start) + 1
            what = f"compares with {other} instead of {word.text} in line {line} of its body"
            yield Changed(
                what, body[: word.start] + other + body[word.end :], "a call exactly at the boundary, and one beside it"
            )
