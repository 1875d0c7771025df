"""YAML read strictly: a tree with the place of everything, scalars as written, and no surprise let through.

libyaml's events are read one by one, so that nothing is resolved, expanded or nested beyond the bounds here.
Scalars are those of YAML 1.2: `on`, `22023` and `1.10` stay the text that was written.
"""

import re
from dataclasses import replace
from typing import Any

import yaml

from nexiom_runner.errors import Fault, Place
from nexiom_runner.project.names import shown
from nexiom_runner.project.yaml_errors import explain
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence

DEEPEST = 50
LARGEST = 4_000_000
MOST = 200  # faults told of one document

_Scalar = yaml.ScalarEvent
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_REFUSED = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read_tree(text: str, path: str, faults: list[Fault]) -> Node:
    """The document in `text`; an empty mapping where there is none. Adds every fault, never raises.

    Where faults were added, the tree is what could be made out. Refused: syntax errors, duplicate keys, anchors,
    aliases, tags, several documents, flow keys without a value, folded text by accident, more than LARGEST
    characters or DEEPEST levels.
    """
    return read_document(text, path, faults) or Mapping((), Place(path, 1))


def read_document(text: str, path: str, faults: list[Fault]) -> Node | None:
    """As `read_tree`, but None where the text cannot be read as YAML at all."""
    found: list[Fault] = []
    node = _unreadable(text, path, found) or _read(text, path, found)
    faults.extend(with_lines(found, text))
    return node if isinstance(node, Mapping | Sequence | Scalar) else None


def with_lines(faults: list[Fault], text: str) -> list[Fault]:
    """The faults of one file, each with the line of `text` that its place points at."""
    if all(fault.place is None or fault.source is not None for fault in faults):
        return faults
    lines = text.split("\n")
    return [
        fault if fault.place is None or fault.source else replace(fault, source=lines[fault.place.line - 1])
        for fault in faults
    ]


def refuse_comments(node: Node, text: str, faults: list[Fault]) -> None:
    """Adds a fault for every unquoted scalar in `node` that ` #` cuts short; `text` is the whole file."""
    lines = text.split("\n")
    for scalar in _scalars(node):
        comment = _comment_after(scalar, lines) if scalar.plain else None
        if comment is not None:
            faults.append(comment)


def _unreadable(text: str, path: str, faults: list[Fault]) -> bool:
    if len(text) > LARGEST:
        faults.append(Fault(f'"{path}" has {len(text):,} characters; a YAML file may have {LARGEST:,}'))
        return True
    bad = _REFUSED.search(text)
    if bad is not None:
        faults.append(_bad_character(text, path, bad.start()))
    return bad is not None


def _bad_character(text: str, path: str, offset: int) -> Fault:
    number = ord(text[offset])
    escape = f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
    half = 0xD800 <= number <= 0xDFFF
    return Fault(
        f"character U+{number:04X} cannot stand in YAML",
        place_at(text, path, offset),
        source=_REFUSED.sub("\ufffd", text[text.rfind("\n", 0, offset) + 1 :].split("\n", 1)[0]),
        hint="Remove it." if half else f'Remove it, or write it as "{escape}" between double quotes.',
    )


def place_at(text: str, path: str, offset: int) -> Place:
    """The place of a character of `text`, by its offset from 0."""
    before = text.rfind("\n", 0, offset)
    return Place(path, text.count("\n", 0, offset) + 1, offset - before)


class _Enough(Exception):
    """Nesting beyond DEEPEST or more than MOST faults; what is noted is all that is told."""


def _read(text: str, path: str, faults: list[Fault]) -> Node | None:
    loader = _Loader(text)
    try:
        return _Reader(loader, text, path, faults).document()
    except yaml.MarkedYAMLError as error:
        faults.append(explain(error, text, path))
    except _Enough:
        pass
    finally:
        loader.dispose()
    return None


class _Reader:
    """Makes nodes of events. `cut` is the offset up to which a comma inside parentheses has been reported."""

    __slots__ = ("cut", "depth", "event", "faults", "path", "text")

    def __init__(self, loader: Any, text: str, path: str, faults: list[Fault]) -> None:
        self.event = loader.get_event
        self.text, self.path, self.faults = text, path, faults
        self.depth, self.cut = 0, 0

    def document(self) -> Node | None:
        """The only document of the stream, None of an empty stream."""
        self.event()
        if not isinstance(self.event(), yaml.DocumentStartEvent):
            return Mapping((), Place(self.path, 1))
        node = self.node(self.event(), False)
        self.event()
        second = self.event()
        if isinstance(second, yaml.DocumentStartEvent):
            self.refuse(second, "a second document begins here", "Keep one document to a file.", 3)
        nothing = isinstance(node, Scalar) and node.plain and not node.text
        return Mapping((), Place(self.path, 1)) if nothing else node

    def node(self, event: Any, flow: bool) -> Node:
        kind = type(event)
        if kind is _Scalar and event.anchor is None and event.tag is None:
            return self.scalar(event, flow)
        if kind is yaml.AliasEvent:
            self.refuse(event, f'alias "*{event.anchor}" is not read', "Write the value out.")
            return Scalar("", self.place(event))
        if event.anchor is not None:
            hint = "Write the value out wherever it is used."
            self.refuse(event, f'anchor "&{event.anchor}" is not read', hint, len(event.anchor) + 1)
        if event.tag is not None:
            self.refuse(event, f'tag "{_tag(event.tag)}" is not read', "Leave it out: a text is taken as written.")
        return self.scalar(event, flow) if kind is _Scalar else self.collection(event)

    def collection(self, event: Any) -> Node:
        if self.depth == DEEPEST:
            hint = "Nothing in a project nests so deep; is a bracket missing?"
            self.refuse(event, f"nested more than {DEEPEST} levels deep", hint)
            raise _Enough
        self.depth += 1
        made = self.mapping(event) if type(event) is yaml.MappingStartEvent else self.sequence(event)
        self.depth -= 1
        return made

    def scalar(self, event: Any, flow: bool) -> Scalar:
        text, style, mark = event.value, event.style, event.start_mark
        if not style:
            if flow and "(" in text and text.count("(") > text.count(")") and self.comma_follows(event):
                text = self.refuse_cut(event)
        elif not text and style in (">", "|"):
            line = self.text[mark.index :].split("\n", 1)[0].rstrip()
            hint = f"Quote it where the text is meant: '{line}'."
            self.refuse(event, f'"{line}" begins folded text, and none follows', hint, len(line))
        return Scalar(text, Place(self.path, mark.line + 1, mark.column + 1), not style)

    def sequence(self, start: Any) -> Sequence:
        items = []
        while type(event := self.event()) is not yaml.SequenceEndEvent:
            before = self.cut
            item = self.node(event, start.flow_style)
            if event.start_mark.index >= before:
                items.append(item)
        return Sequence(tuple(items), self.place(start))

    def mapping(self, start: Any) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        first: dict[str, Place] = {}
        flow = start.flow_style
        while type(event := self.event()) is not yaml.MappingEndEvent:
            before = self.cut
            key, value = self.node(event, flow), self.node(self.event(), flow)
            if event.start_mark.index < before:
                continue
            if type(key) is not Scalar:
                self.refuse(event, "a key must be text", "Write `key: value`.")
            elif flow and type(value) is Scalar and value.plain and not value.text:
                self.refuse_keyless(event)
            elif key.text in first:
                self.refuse_twice(event, key, first[key.text])
            else:
                first[key.text] = key.place
                entries.append((key, value))
        return Mapping(tuple(entries), self.place(start))

    def place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.path, mark.line + 1, mark.column + 1)

    def refuse(self, event: Any, message: str, hint: str, width: int | None = None) -> None:
        if width is None:
            width = max(1, event.end_mark.index - event.start_mark.index)
        if len(self.faults) >= MOST:
            raise _Enough
        self.faults.append(Fault(message, self.place(event), width=width, hint=hint))

    def refuse_twice(self, event: Any, key: Scalar, first: Place) -> None:
        self.refuse(event, f'key "{shown(key.text)}" is given twice', "Keep one of them.")
        self.faults[-1] = replace(self.faults[-1], detail=f"It is first given at {first}.")

    def refuse_keyless(self, event: Any) -> None:
        key = self.text[event.start_mark.index : event.end_mark.index]
        hint = f"Write {key}: null where null is meant; quote a text that holds a comma."
        self.refuse(event, f'key "{shown(key)}" has no value', hint)

    def comma_follows(self, event: Any) -> bool:
        end = event.end_mark.index
        return self.text[end : end + 20].lstrip().startswith(",")

    def refuse_cut(self, event: Any) -> str:
        """The text that was meant, commas and all; what YAML made of its rest is passed over."""
        start = event.start_mark.index
        if start < self.cut:
            return ""
        line = self.text[start:].split("\n", 1)[0]
        whole = line[: _closing(line)]
        self.cut = start + len(whole)
        quoted = "'" + whole.replace("'", "''") + "'"
        meant, hint = whole, f"Quote it: {quoted}."
        if whole.startswith("in("):
            meant = re.sub(r"\s*,\s*", " ", whole)
            hint = f"Write {meant}."
        self.refuse(event, f'the comma ends the value at "{shown(event.value)}"', hint)
        return meant


def _closing(line: str) -> int:
    """The offset at which a flow value ends when commas inside its parentheses count as its own."""
    depth = 0
    for offset, character in enumerate(line):
        depth += (character == "(") - (character == ")")
        if depth <= 0 and character in ",}]":
            return offset
    return len(line.rstrip("}] "))


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    children = node.items if isinstance(node, Sequence) else [value for _, value in node.entries]
    return [scalar for child in children for scalar in _scalars(child)]


def _comment_after(scalar: Scalar, lines: list[str]) -> Fault | None:
    rest = "\n".join(lines[scalar.place.line - 1 :])[scalar.place.column - 1 :]
    written = re.match(r"\s+".join(re.escape(word) for word in scalar.text.split()), rest)
    comment = re.match(r"[ \t]+(#[^\n]*)", rest[written.end() :]) if written and scalar.text else None
    if written is None or comment is None:
        return None
    place = place_at(rest, scalar.place.path, written.end() + comment.start(1))
    column = place.column + (scalar.place.column - 1 if place.line == 1 else 0)
    said = " ".join(f"{written[0]}{comment[0]}".split()).replace("'", "''")
    return Fault(
        f'"{shown(comment[1])}" is cut off the shape as a comment',
        Place(place.path, place.line + scalar.place.line - 1, column),
        source=lines[place.line + scalar.place.line - 2],
        width=len(comment[1]),
        hint=f"Quote the shape ('{said}') if it belongs to it; put a comment on a line of its own.",
    )
