"""What stands at the ends of a shape: looked through, or put in another's place."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from nexiom_runner.shape.model import Array, Either, Key, Object, Shape

Part = TypeVar("Part")


def leaves(shape: Shape) -> Iterator[Shape]:
    """Every part of a shape that holds no other."""
    match shape:
        case Array(items):
            yield from leaves(items)
        case Either(options):
            for option in options:
                yield from leaves(option)
        case Object(keys, others):
            for each in keys:
                yield from leaves(each.shape)
            if others is not None:
                yield from leaves(others)
        case _:
            yield shape


def with_leaves(shape: Shape, change: Callable[[Shape], Shape]) -> Shape:
    """The shape with `change` made of each leaf; the very same where none changes."""
    match shape:
        case Array(items):
            made = with_leaves(items, change)
            return shape if made is items else replace(shape, items=made)
        case Either(options):
            placed = tuple(with_leaves(option, change) for option in options)
            return shape if _same(placed, options) else replace(shape, options=placed)
        case Object(keys, others):
            inner = tuple(_key(each, change) for each in keys)
            rest = None if others is None else with_leaves(others, change)
            return shape if _same(inner, keys) and rest is others else replace(shape, keys=inner, others=rest)
    return change(shape)


def _key(key: Key, change: Callable[[Shape], Shape]) -> Key:
    made = with_leaves(key.shape, change)
    return key if made is key.shape else replace(key, shape=made)


def _same(made: Iterable[Part], before: Iterable[Part]) -> bool:
    return all(one is other for one, other in zip(made, before, strict=True))
