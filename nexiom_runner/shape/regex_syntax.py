"""The text of a regular expression read into nodes; what is refused is refused with its offset."""

import re
from dataclasses import dataclass

LONGEST = 500
DEEPEST = 30
MOST_TIMES = 1_000
TIMES = re.compile(r"\{([0-9]{1,6})(?:(,)([0-9]{1,6})?)?\}")
CODES = {"x": 2, "u": 4}
CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an expression cannot be used, `offset` characters into it."""

    message: str
    offset: int
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Characters:
    """One character: within a range, or of a kind (`d w s`, upper case for all others); any when `negated` of none."""

    ranges: tuple[tuple[str, str], ...] = ()
    kinds: str = ""
    negated: bool = False

    def allows(self, character: str) -> bool:
        """Whether this is such a character."""
        within = any(low <= character <= high for low, high in self.ranges)
        return (within or any(_is_kind(kind, character) for kind in self.kinds)) != self.negated


@dataclass(frozen=True, slots=True)
class Assertion:
    """`^ $ b B`: holds or not between two characters."""

    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several rows of nodes; a group without a bar is a choice of one."""

    options: "tuple[tuple[Node, ...], ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The item `least` to `most` times; None is no end."""

    item: "Node"
    least: int
    most: int | None


Node = Characters | Assertion | Choice | Repeat


def read_regex(text: str) -> Node | Refusal:
    """The expression as nodes, or the first thing that cannot be used."""
    if not text:
        return Refusal("is empty", 0, "Write it after the ~; a space in it is written \\s or \\x20.")
    if len(text) > LONGEST:
        return Refusal(f"is longer than {LONGEST} characters", 0)
    try:
        return _Reader(text).read()
    except _Refused as refused:
        return refused.refusal


def _is_kind(kind: str, character: str) -> bool:
    match kind.lower():
        case "d":
            found = "0" <= character <= "9"
        case "w":
            found = character.isalnum() or character == "_"
        case _:
            found = character.isspace()
    return found == kind.islower()


class _Refused(Exception):
    def __init__(self, message: str, offset: int, hint: str | None = None) -> None:
        self.refusal = Refusal(message, offset, hint)


class _Reader:
    """Reads from left to right; `at` is the next character's offset."""

    __slots__ = ("at", "depth", "text")

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def read(self) -> Node:
        node = self._choice()
        if self.at < len(self.text):
            raise _Refused('has a ")" that closes nothing', self.at, "A parenthesis itself is written \\).")
        return node

    def _choice(self) -> Choice:
        options = [self._row()]
        while self._peek() == "|":
            self.at += 1
            options.append(self._row())
        return Choice(tuple(options))

    def _row(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self._peek() not in ("", "|", ")"):
            nodes.append(self._repeated())
        return tuple(nodes)

    def _repeated(self) -> Node:
        start = self.at
        item = self._item()
        times = self._times()
        if times is None:
            return item
        if isinstance(item, Assertion):
            raise _Refused("repeats what takes no character", start)
        if self._peek() == "?":
            self.at += 1
        if self._peek() in ("*", "+", "?") or TIMES.match(self.text, self.at):
            raise _Refused("repeats a repetition", self.at, "Put the inner one in a group: (?:a+)*.")
        return Repeat(item, *times)

    def _times(self) -> tuple[int, int | None] | None:
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._peek())
        if simple is not None:
            self.at += 1
            return simple
        match = TIMES.match(self.text, self.at)
        if match is None:
            return None
        least = int(match[1])
        most = int(match[3]) if match[3] else (None if match[2] else least)
        if max(least, most or 0) > MOST_TIMES or (most is not None and most < least):
            raise _Refused(f'has "{match[0]}"', self.at, f"Write the lower number first, at most {MOST_TIMES}.")
        self.at = match.end()
        return least, most

    def _item(self) -> Node:
        start, character = self.at, self._take()
        match character:
            case "(":
                return self._group(start)
            case "[":
                return self._class(start)
            case ".":
                return Characters(negated=True)
            case "^" | "$":
                return Assertion(character)
            case "\\":
                return self._escape(start, inside=False)
            case "*" | "+" | "?":
                raise _Refused(f'has "{character}" after nothing', start, f"The character is written \\{character}.")
            case "{":
                raise _Refused('has "{" without a number', start, "The character is written \\{.")
        return Characters(((character, character),))

    def _group(self, start: int) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused(f"nests groups more than {DEEPEST} deep", start)
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self._peek() == "?":
            raise _Refused(f'has "(?{self.text[self.at + 1 : self.at + 2]}"', start, "Groups are (…) and (?:…).")
        node = self._choice()
        if self._peek() != ")":
            raise _Refused('has a "(" that is not closed', start, "A parenthesis itself is written \\(.")
        self.at += 1
        self.depth -= 1
        return node

    def _class(self, start: int) -> Node:
        negated = self._peek() == "^"
        self.at += negated
        ranges: list[tuple[str, str]] = []
        kinds = ""
        first = True
        while first or self._peek() != "]":
            low = self._member(start)
            if low.kinds:
                kinds += low.kinds
            else:
                ranges.append(self._range(low.ranges[0][0], start))
            first = False
        self.at += 1
        return Characters(tuple(ranges), kinds, negated)

    def _range(self, low: str, start: int) -> tuple[str, str]:
        if self._peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return low, low
        at = self.at
        self.at += 1
        member = self._member(start)
        if member.kinds or member.ranges[0][0] < low:
            raise _Refused("has a range that runs backwards", at - 1, "A minus itself is written \\-.")
        return low, member.ranges[0][0]

    def _member(self, start: int) -> Characters:
        if not self._peek():
            raise _Refused('has a "[" that is not closed', start, "A bracket itself is written \\[.")
        at, character = self.at, self._take()
        if character == "[" and self._peek() in (":", ".", "="):
            raise _Refused(f'has "[{self._peek()}"', at, "Write \\d, \\w, \\s or a range such as a-z.")
        if character == "\\":
            escaped = self._escape(at, inside=True)
            assert isinstance(escaped, Characters)
            return escaped
        return Characters(((character, character),))

    def _escape(self, start: int, *, inside: bool) -> Characters | Assertion:
        character = self._take()
        if not character:
            raise _Refused("ends in a backslash", start)
        if character in "dwsDWS":
            return Characters(kinds=character)
        if character in "bB" and not inside:
            return Assertion(character)
        if character in CODES:
            return self._code(start, CODES[character])
        found = CONTROLS.get(character, character)
        if found == character and (character.isalnum() or character == "_"):
            raise _Refused(f'has "\\{character}"', start, "Escapes are \\d \\w \\s \\b \\t \\n \\r \\xHH \\uHHHH.")
        return Characters(((found, found),))

    def _code(self, start: int, digits: int) -> Characters:
        text = self.text[self.at : self.at + digits]
        if not re.fullmatch(f"[0-9a-fA-F]{{{digits}}}", text):
            raise _Refused(f'has "\\{self.text[start + 1]}" without {digits} hexadecimal digits', start)
        self.at += digits
        character = chr(int(text, 16))
        return Characters(((character, character),))

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        character = self._peek()
        self.at += 1
        return character
