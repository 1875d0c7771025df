"""What libyaml says of a syntax error, told with the place, the line and the right form."""

import re
from typing import Any

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.names import shown

_FLOW_END = re.compile(r"[,}\]]")


def explain(error: Any, text: str, path: str) -> Fault:
    """A `yaml.MarkedYAMLError` as a fault; libyaml's own words where none of ours fit."""
    problem, context = str(error.problem or ""), str(error.context or "")
    for said, tell in _KNOWN:
        if said in problem or said in context:
            return tell(error, text, path)
    return _fault(f"not YAML: {problem} {context}".rstrip(), error.problem_mark, text, path)


def _fault(message: str, mark: Any, text: str, path: str, *, width: int = 1, hint: str | None = None) -> Fault:
    """At the mark, or at the last character written where the mark is behind the end."""
    line, column = mark.line, mark.column
    lines = text.rstrip("\n").split("\n")
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    return Fault(message, Place(path, line + 1, column + 1), width=width, hint=hint)


def _rest(mark: Any, text: str) -> str:
    return text[mark.index :].split("\n", 1)[0].rstrip()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _tab(error: Any, text: str, path: str) -> Fault:
    return _fault("a tab stands in the indentation", error.problem_mark, text, path, hint="Indent with spaces.")


def _block(error: Any, text: str, path: str) -> Fault:
    mark = error.context_mark
    rest = re.split(r"[,}\]]|\s#", _rest(mark, text), maxsplit=1)[0].rstrip()
    hint = f"Write the type first (int {rest}), or quote the text: {_quoted(rest)}."
    if rest.startswith("|"):
        hint = f"Quote the text: {_quoted(rest)}."
    message = f'"{rest[:1]}" begins folded text, and "{shown(rest[1:].strip())}" cannot follow it'
    return _fault(message, mark, text, path, width=len(rest), hint=hint)


def _second_colon(error: Any, text: str, path: str) -> Fault:
    line = text.split("\n")[error.problem_mark.line]
    before = line[: error.problem_mark.column]
    value = re.sub(r"^[\s-]*[^:]*:\s+", "", before) + line[error.problem_mark.column :].rstrip()
    hint = f"Quote the text ({_quoted(value)}), or put the inner key on a line of its own."
    return _fault('": " stands where a value cannot hold one', error.problem_mark, text, path, hint=hint)


def _odd_start(error: Any, text: str, path: str) -> Fault:
    rest = _rest(error.problem_mark, text)
    if rest.startswith("\t") or not rest:
        return _tab(error, text, path)
    value = _FLOW_END.split(rest, maxsplit=1)[0]
    hint = f"Quote the text: {_quoted(value)}."
    if value.startswith(">"):
        hint = f"Write the type first (int {value}), or quote the text: {_quoted(value)}."
    return _fault(f'an unquoted text cannot begin with "{rest[0]}"', error.problem_mark, text, path, hint=hint)


def _no_colon(error: Any, text: str, path: str) -> Fault:
    rest = _rest(error.context_mark, text)
    message = f'"{shown(rest)}" is not `key: value`'
    hint = "Write `key: value`, with a space after the colon."
    return _fault(message, error.context_mark, text, path, width=len(rest), hint=hint)


def _no_key(error: Any, text: str, path: str) -> Fault:
    rest = _rest(error.problem_mark, text)
    hint = "Keys of one mapping begin in the same column; nothing follows a value that ends with a quote or bracket."
    mark = error.problem_mark
    return _fault(f'"{shown(rest)}" is no key of the mapping above', mark, text, path, width=len(rest), hint=hint)


def _no_item(error: Any, text: str, path: str) -> Fault:
    rest = _rest(error.problem_mark, text)
    hint = 'Items of one list begin with "- " in the same column.'
    mark = error.problem_mark
    return _fault(f'"{shown(rest)}" is no item of the list above', mark, text, path, width=len(rest), hint=hint)


def _open_quote(error: Any, text: str, path: str) -> Fault:
    inside = '\\"' if text[error.context_mark.index] == '"' else "''"
    hint = f"Close it; a quote inside is written {inside}."
    return _fault("the quote that opens here is never closed", error.context_mark, text, path, hint=hint)


def _open_bracket(error: Any, text: str, path: str) -> Fault:
    mark = error.problem_mark
    expected = re.search(r"',' or '(.)'", str(error.problem))
    bracket = f'"," or "{expected[1]}"' if expected else "a value or a closing bracket"
    rest = _rest(mark, text)
    found = f', found "{shown(rest, 20)}"' if rest else ", found the end"
    hint = "Close the bracket; quote a text that holds brackets or commas."
    return _fault(f"expected {bracket}{found}", mark, text, path, hint=hint)


def _closes_nothing(error: Any, text: str, path: str) -> Fault:
    rest = _rest(error.problem_mark, text)
    hint = f"Quote the text: {_quoted(rest)}."
    return _fault(f'"{rest[:1]}" closes nothing that is open', error.problem_mark, text, path, hint=hint)


def _escape(error: Any, text: str, path: str) -> Fault:
    hint = "Write the text between single quotes, where a backslash is itself."
    return _fault("unknown escape between double quotes", error.problem_mark, text, path, hint=hint)


_KNOWN = (
    ("a tab character", _tab),
    ("scanning a block scalar", _block),
    ("mapping values are not allowed", _second_colon),
    ("cannot start any token", _odd_start),
    ("could not find expected ':'", _no_colon),
    ("did not find expected key", _no_key),
    ("did not find expected '-' indicator", _no_item),
    ("block sequence entries are not allowed", _no_item),
    ("found unexpected end of stream", _open_quote),
    ("parsing a flow", _open_bracket),
    ("did not find expected node content", _closes_nothing),
    ("unknown escape", _escape),
)
