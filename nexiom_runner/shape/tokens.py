"""The words of a shape's text, each with its offset; what is no word is refused where it stands."""

import json
import re
from dataclasses import dataclass

from nexiom_runner.errors import Fault, Place
from nexiom_runner.tree import Scalar

WORD = re.compile(r"""[^\s|(),"<>~=]+""")
TOKEN = re.compile(
    rf"""(?P<space>\s+)
      | (?P<pattern>~\s*(?P<regex>\S*))
      | (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<operator>>=|<=|>|<|=)
      | (?P<bar>\|)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<comma>,)
      | (?P<word>{WORD.pattern})
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, string, operator, pattern, bar, open, close, comma or end; `value` what it says."""

    kind: str
    text: str
    value: str
    offset: int


def place_in(scalar: Scalar, offset: int) -> Place:
    """The place of a character of a scalar's text; an escape before it in a quoted scalar is not counted."""
    return Place(scalar.place.path, scalar.place.line, scalar.place.column + offset + (not scalar.plain))


def path_of(path: str, key: str) -> str:
    """The path of a key: `$.items`, `$["a key"]`."""
    return f"{path}.{key}" if WORD.fullmatch(key) and "." not in key else f"{path}[{json.dumps(key)}]"


def shown_text(text: str, limit: int = 60) -> str:
    """The user's text for one line of a message: what does not print is escaped, the rest cut at `limit`."""
    line = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def read_tokens(scalar: Scalar, faults: list[Fault]) -> list[Token]:
    """The words of the scalar, an `end` last; a fault for each stretch that is no word."""
    text, at, tokens = scalar.text, 0, list[Token]()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            faults.append(_unclosed(scalar, at))
            break
        token = _token(match)
        at = match.end()
        if token is not None:
            tokens.append(token)
    return [*tokens, Token("end", "", "", len(text.rstrip()))]


def _token(match: re.Match[str]) -> Token | None:
    kind = "pattern" if match["pattern"] is not None else match.lastgroup or "word"
    if kind == "space":
        return None
    value = match["regex"] if kind == "pattern" else match[0]
    return Token(kind, match[0], _unquoted(value) if kind == "string" else value, match.start())


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text[1:-1]


def _unclosed(scalar: Scalar, at: int) -> Fault:
    return Fault('a text begins with " and does not end', place_in(scalar, at), width=len(scalar.text) - at)
