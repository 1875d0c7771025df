"""Surgery on YAML text: what differs is replaced at its place, every other character stays."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexiom_runner.contract.tree import (
    Drop,
    Fields,
    Items,
    Keep,
    Ordered,
    Tree,
    in_block,
    in_flow,
    item_in_block,
    scalar,
)
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters of the text to replace."""

    start: int
    end: int
    text: str


def revise(text: str, root: Mapping, wanted: Fields) -> str:
    """The text with the values of `wanted` in the document `root` that was read from it."""
    if not root.entries and not _is_flow(text, root):
        body = in_block(wanted, 0).removeprefix("\n")
        return f"{text.rstrip()}\n{body}\n".lstrip("\n")
    document = Document(text if text.endswith("\n") else f"{text}\n")
    cuts = list(document.mapping(root, wanted))
    return _cut(document.text, cuts)


class Document:
    """A text and the way from places to offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def mapping(self, node: Mapping, wanted: Fields) -> Iterator[Cut]:
        """The cuts that make a mapping what is wanted."""
        flow = _is_flow(self.text, node, self.start(node))
        gone = self._gone(node, wanted)
        if flow and gone:
            yield self._flow_again(node, wanted, gone)
            return
        there = {key.text: (key, value) for key, value in node.entries}
        for name in gone:
            yield self._whole_lines(node, there[name][0])
        for name, tree in wanted.entries.items():
            if name in there and name not in gone:
                yield from self._value(node, *there[name], tree)
        yield from self._additions(node, wanted, flow)

    def start(self, node: Node) -> int:
        """The offset of a node."""
        return self.lines[node.place.line - 1] + node.place.column - 1

    def end(self, node: Node) -> int:
        """The offset behind a scalar or a value in brackets."""
        start = self.start(node)
        if isinstance(node, Scalar):
            if node.plain:
                return start + len(node.text)
            quoted = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL).match(self.text, start)
            return quoted.end() if quoted else start + len(node.text)
        last = node.items[-1] if isinstance(node, Sequence) and node.items else None
        if isinstance(node, Mapping) and node.entries:
            last = node.entries[-1][1]
        found = re.compile(r"(?:[\s,]|#[^\n]*)*[}\]]").match(self.text, self.end(last) if last else start + 1)
        return found.end() if found else start

    def _gone(self, node: Mapping, wanted: Fields) -> list[str]:
        dropped = {name for name, tree in wanted.entries.items() if isinstance(tree, Drop)}
        stay = wanted.entries.keys() - dropped
        return [key.text for key, _ in node.entries if key.text in dropped or (wanted.closed and key.text not in stay)]

    def _value(self, parent: Mapping, key: Scalar, node: Node, tree: Tree) -> Iterator[Cut]:
        if isinstance(tree, Keep):
            return
        if isinstance(tree, Fields) and isinstance(node, Mapping) and (node.entries or not tree.entries):
            yield from self.mapping(node, tree)
        elif isinstance(tree, Items) and isinstance(node, Sequence):
            yield from self._items(parent, key, node, tree)
        elif not _same(node, tree):
            yield self._instead(parent, key, node, tree)

    def _instead(self, parent: Mapping, key: Scalar, node: Node, tree: Tree) -> Cut:
        """Another value in place of what stands behind a key."""
        start = self.text.index(":", self.end(key)) + 1
        if _is_flow(self.text, parent, self.start(parent)):
            return Cut(start, self.end(node), f" {in_flow(tree)}")
        at = self.start(node)
        first = "" if isinstance(node, Scalar) and node.plain else self.text[at : at + 1]
        is_lines = first in ("|", ">") if isinstance(node, Scalar) else not _is_flow(self.text, node, at)
        end = self._region_end(parent, key) - 1 if is_lines else self.end(node)
        return Cut(start, end, in_block(tree, key.place.column + 1))

    def _items(self, parent: Mapping, key: Scalar, node: Sequence, tree: Items) -> Iterator[Cut]:
        for position, fields in tree.changed.items():
            item = node.items[position]
            assert isinstance(item, Mapping)
            yield from self.mapping(item, fields)
        if not tree.added:
            return
        if _is_flow(self.text, node, self.start(node)):
            at = self.end(node.items[-1])
            yield Cut(at, at, "".join(f", {in_flow(one)}" for one in tree.added))
        else:
            at = self._region_end(parent, key)
            indent = self.text.rindex("-", 0, self.start(node.items[0]) + 1) - self.lines[node.items[0].place.line - 1]
            yield Cut(at, at, "".join(f"{item_in_block(one, indent)}\n" for one in tree.added))

    def _additions(self, node: Mapping, wanted: Fields, flow: bool) -> Iterator[Cut]:
        """Entries that are not there yet, behind the one that is wanted before them."""
        there = {key.text: key for key, _ in node.entries}
        order = list(wanted.entries)
        for name, tree in wanted.entries.items():
            if name in there or isinstance(tree, Keep | Drop):
                continue
            if flow:
                at = self.end(node) - 1 if not node.entries else self.end(node.entries[-1][1])
                yield Cut(at, at, f"{', ' if node.entries else ''}{scalar(name)}: {in_flow(tree)}")
                continue
            indent = node.place.column - 1
            line = f"{' ' * indent}{scalar(name)}:{in_block(tree, indent + 2)}\n"
            before = [other for other in order[: order.index(name)] if other in there]
            behind = [other for other in order[order.index(name) :] if other in there]
            yield self._inserted(node, there, before, behind, line)

    def _inserted(
        self, node: Mapping, there: dict[str, Scalar], before: list[str], behind: list[str], line: str
    ) -> Cut:
        if before or not (behind or node.entries):
            at = self._region_end(node, there[before[-1]])
        elif behind and there[behind[0]] is not node.entries[0][0]:
            at = self.lines[there[behind[0]].place.line - 1]
        elif behind:
            at = self.start(node.entries[0][0])
            indent = node.place.column - 1
            return Cut(at, at, f"{line[indent:]}{' ' * indent}")
        else:
            at = self._region_end(node, node.entries[-1][0])
        return Cut(at, at, line)

    def _flow_again(self, node: Mapping, wanted: Fields, gone: list[str]) -> Cut:
        """A mapping in brackets, without the entries that are to go."""
        parts = []
        for key, value in node.entries:
            if key.text in gone:
                continue
            start, end = self.start(key), self.end(value)
            cuts = list(self._value(node, key, value, wanted.entries.get(key.text, Keep())))
            parts.append(_cut(self.text[start:end], cuts, start))
        there = {key.text for key, _ in node.entries}
        for name, tree in wanted.entries.items():
            if name not in there and not isinstance(tree, Keep | Drop):
                parts.append(f"{scalar(name)}: {in_flow(tree)}")
        return Cut(self.start(node), self.end(node), "{" + ", ".join(parts) + "}")

    def _whole_lines(self, node: Mapping, key: Scalar) -> Cut:
        return Cut(self.lines[key.place.line - 1], self._region_end(node, key), "")

    def _region_end(self, node: Mapping, key: Scalar) -> int:
        """The offset behind the last line of an entry; comments at the end that are not its own stay behind."""
        column = node.place.column
        keys = [other for other, _ in node.entries]
        following = keys[keys.index(key) + 1 :]
        last = following[0].place.line - 1 if following else self._block_end(key.place.line, column)
        while last > key.place.line and not _is_own(self._line(last), column):
            last -= 1
        return self.lines[last]

    def _block_end(self, line: int, column: int) -> int:
        """The last line of a block whose keys stand at `column`."""
        for number in range(line + 1, len(self.lines)):
            content = self._line(number)
            stripped = content.lstrip(" ")
            indent = len(content) - len(stripped)
            if stripped.strip() and not stripped.startswith("#") and indent < column - 1:
                return number - 1
            if indent == column - 1 and stripped and not stripped.startswith(("#", "-", "\n")):
                return number - 1
        return len(self.lines) - 1

    def _line(self, number: int) -> str:
        start = self.lines[number - 1]
        end = self.lines[number] if number < len(self.lines) else len(self.text)
        return self.text[start:end]


def _cut(text: str, cuts: list[Cut], offset: int = 0) -> str:
    """The text with its cuts made, from the last to the first; of those at one place the first comes first."""
    in_order = sorted(cuts, key=lambda cut: cut.start)
    for cut in in_order[::-1]:
        text = text[: cut.start - offset] + cut.text + text[cut.end - offset :]
    return text


def _is_own(line: str, column: int) -> bool:
    """Whether a line at the end of an entry belongs to it: no blank line, and no comment that stands at its key."""
    stripped = line.strip()
    indent = len(line) - len(line.lstrip(" "))
    return bool(stripped) and not (stripped.startswith("#") and indent < column)


def _is_flow(text: str, node: Node, start: int = 0) -> bool:
    return not isinstance(node, Scalar) and text[start : start + 1] in ("{", "[")


def _same(node: Node, tree: Tree) -> bool:
    if isinstance(tree, str):
        return isinstance(node, Scalar) and node.text == tree
    if isinstance(tree, Ordered):
        return (
            isinstance(node, Sequence)
            and tuple(one.text for one in node.items if isinstance(one, Scalar)) == tree.items
        )
    if isinstance(tree, tuple):
        texts = [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Sequence) else None
        return texts is not None and sorted(texts) == sorted(tree)
    return isinstance(tree, Fields) and isinstance(node, Mapping) and not tree.entries and not node.entries
