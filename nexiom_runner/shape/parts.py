"""Which parts of a shape no value reached: items of a list, other keys, optional keys, what may be null."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from nexiom_runner.errors import Place
from nexiom_runner.shape.model import ANYTHING, NULL, Array, Either, Key, Object, Shape
from nexiom_runner.shape.tokens import path_of

Seen = tuple[str, Place]  # a part by its path in the shape and where it is written

ITEM, OTHER, OPTIONAL, VALUE, ROW = "an item", "another key", "this key", "anything but null", "a row"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a shape that a value may lack; `what` says what a value must have for it to be looked at."""

    path: str
    place: Place
    what: str


def unseen(shape: Shape, seen: Collection[Seen], key: str = "$") -> Iterator[Part]:
    """The outermost parts that are not among those seen; what `any` allows cannot be looked at and is none."""
    match shape:
        case Array(items, _, most):
            if items != ANYTHING and most != 0:
                yield from _within(Part(f"{key}[*]", shape.place, ITEM), items, seen)
        case Either(options):
            yield from _either(shape, [option for option in options if option != NULL], seen, key)
        case Object(keys, others):
            for each in keys:
                yield from _key(each, seen, path_of(key, each.name))
            if others is not None and others != ANYTHING:
                yield from _within(Part(f"{key}.*", shape.place, OTHER), others, seen)


def _within(part: Part, shape: Shape, seen: Collection[Seen]) -> Iterator[Part]:
    if (part.path, part.place) in seen:
        yield from unseen(shape, seen, part.path)
    else:
        yield part


def _either(shape: Either, others: list[Shape], seen: Collection[Seen], key: str) -> Iterator[Part]:
    if 0 < len(others) < len(shape.options) and (key, shape.place) not in seen:
        yield Part(key, shape.place, VALUE)
        return
    for option in others:
        yield from unseen(option, seen, key)


def _key(each: Key, seen: Collection[Seen], path: str) -> Iterator[Part]:
    if each.optional:
        yield from _within(Part(path, each.place, OPTIONAL), each.shape, seen)
    else:
        yield from unseen(each.shape, seen, path)
