"""Marks in a template's output that say where each piece comes from, and checks that no template can leave out.

The stream of Jinja's tokens is rewritten before it is parsed. `{{ x }}` becomes `{{ (17|here, (x))|emit }}`: `here`
notes the offset for messages, `emit` checks the value and puts a mark before it. Literal text is preceded by a mark,
tags by a `note` of their offset. The bodies of loops and macros begin with a `work`, which counts. The filters' names
have a space, so no template can call them. A mark is NUL, letter, offset, NUL; no source and no value holds NUL.
"""

import re
from collections.abc import Iterable, Iterator

from jinja2 import Environment, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from nexiom_runner.render.rendered import Segment

HERE, NOTE, EMIT, PLAIN, WORK = "nexiom here", "nexiom note", "nexiom emit", "nexiom plain", "nexiom work"
VERBATIM, MADE = "v", "m"


def mark(kind: str, offset: int) -> str:
    """The mark of a piece of output that comes from an offset."""
    return f"\0{kind}{offset}\0"


def cut_marks(output: str, source: str) -> tuple[str, tuple[Segment, ...]]:
    """The text without its marks, and where each piece of it comes from.

    Literal text is taken from the source itself: Jinja turns a lone CR into LF, the source is what is sent.
    """
    pieces: list[str] = []
    segments: list[Segment] = []
    start = 0
    parts = _MARK.split(output)
    for kind, origin, piece in zip(parts[1::3], map(int, parts[2::3]), parts[3::3], strict=True):
        if piece:
            segments.append(Segment(start, origin, kind == VERBATIM))
            pieces.append(source[origin : origin + len(piece)] if kind == VERBATIM else piece)
            start += len(piece)
    return "".join(pieces), tuple(segments)


class Marks(Extension):
    """Rewrites the tokens of every template its environment parses."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.offsets: list[int] = []  # of the tokens of the template being parsed, from `preprocess` to `filter_stream`

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source unchanged; the offsets of its tokens are kept for the stream, which knows only lines."""
        self.offsets = list(_offsets(self.environment, source, name))
        return source

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """The tokens with marks and checks between them."""
        return _Rewriter(stream, self.offsets, marked=not (stream.name or "").startswith("macros/")).tokens()


class _Rewriter:
    """One pass over a stream. `open` holds a block's name and whether its output is kept rather than written."""

    def __init__(self, stream: TokenStream, offsets: list[int], *, marked: bool) -> None:
        self.source = zip(stream, offsets, strict=True)
        self.marked = marked
        self.name = stream.name
        self.open: list[tuple[str, bool]] = []

    def tokens(self) -> Iterator[Token]:
        for token, offset in self.source:
            if token.type == "data":
                yield from self._data(token, offset)
            elif token.type == "variable_begin":
                yield from self._expression(token, offset)
            elif token.type == "block_begin":
                yield from self._block(token, offset)
            else:
                yield token

    def _writes(self) -> bool:
        """Whether output goes straight to the result, where marks are cut out; elsewhere a filter could see them."""
        return self.marked and not any(kept for _, kept in self.open)

    def _data(self, token: Token, offset: int) -> Iterator[Token]:
        if self._writes():
            yield Token(token.lineno, "data", mark(VERBATIM, offset) + token.value)
        else:
            yield from _call(token.lineno, len(token.value), WORK)
            yield token

    def _expression(self, begin: Token, offset: int) -> Iterator[Token]:
        """`{{ (offset|here, (…))|emit }}`"""
        inner = list(self._until("variable_end"))
        line = begin.lineno
        if len(inner) < 2:  # `{{ }}`: a syntax error, which Jinja words
            yield from (begin, *inner)
            return
        yield from (begin, Token(line, "lparen", "("), *_filtered(line, offset, HERE))
        yield from (Token(line, "comma", ","), Token(line, "lparen", "("), *inner[:-1], Token(line, "rparen", ")"))
        yield from (Token(line, "rparen", ")"), *_pipe(line, EMIT if self._writes() else PLAIN), inner[-1])

    def _block(self, begin: Token, offset: int) -> Iterator[Token]:
        inner = list(self._until("block_end"))
        tag = str(inner[0].value) if inner else ""
        if tag in REFUSED_TAGS:
            raise TemplateSyntaxError(f"{REFUSED}{tag}", begin.lineno, self.name)
        if tag.startswith("end") and self.open and self.open[-1][0] == tag[3:]:
            self.open.pop()
        elif self._writes() and tag in ("call", "filter", "for"):
            yield Token(begin.lineno, "data", mark(MADE, offset))
        yield from _call(begin.lineno, offset, NOTE)
        yield from (begin, *inner)
        if _opens(tag, inner):
            self.open.append((tag, _keeps(tag, inner)))
        if tag in COSTS:
            yield from _call(begin.lineno, COSTS[tag], WORK)

    def _until(self, end: str) -> Iterator[Token]:
        for token, _ in self.source:
            yield token
            if token.type == end:
                return


def _offsets(environment: Environment, source: str, name: str | None) -> Iterator[int]:
    """The offset of each token that reaches the stream. White space that `-` takes away is skipped over."""
    same = _NEWLINE.sub("\n", source)
    position = 0
    for _, kind, value in environment.lexer.tokeniter(source, name):
        position = same.index(value, position)
        if kind not in _DROPPED:
            yield position
        position += len(value)


def _opens(tag: str, inner: list[Token]) -> bool:
    if tag == "set":  # `{% set x %}…{% endset %}`, not `{% set x = 1 %}`
        return all(token.type != "assign" for token in inner)
    return tag in ("for", "if", "macro", "call", "filter", "with")


def _keeps(tag: str, inner: list[Token]) -> bool:
    """Whether the block's output is a value that a template can handle."""
    return tag in ("macro", "call", "filter", "set") or any(token.value == "recursive" for token in inner)


def _call(line: int, number: int, name: str) -> Iterator[Token]:
    """`{{ number|name }}`"""
    yield Token(line, "variable_begin", "{{")
    yield from _filtered(line, number, name)
    yield Token(line, "variable_end", "}}")


def _filtered(line: int, number: int, name: str) -> tuple[Token, ...]:
    return (_token(line, "integer", number), *_pipe(line, name))


def _pipe(line: int, name: str) -> tuple[Token, Token]:
    return Token(line, "pipe", "|"), Token(line, "name", name)


def _token(line: int, kind: str, value: int) -> Token:
    return Token(line, kind, value)  # type: ignore[arg-type]  # Jinja's own lexer puts an int here


COSTS = {"for": 500, "macro": 2_000}  # of one turn of a loop and one call of a macro, in characters
REFUSED_TAGS = frozenset({"include", "import", "from", "extends", "block", "autoescape", "trans", "do", "debug"})
REFUSED = "refused tag "
_MARK = re.compile(f"\0([{VERBATIM}{MADE}])([0-9]+)\0")
_NEWLINE = re.compile("\r\n|\r|\n")
_DROPPED = frozenset(
    {"whitespace", "comment_begin", "comment", "comment_end", "linecomment_begin", "linecomment", "linecomment_end"}
    | {"raw_begin", "raw_end"}
)
