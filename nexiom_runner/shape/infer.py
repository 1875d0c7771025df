"""The shape of a value that was seen: its types, never its values."""

from collections.abc import Mapping, Sequence

from nexiom_runner.shape.json import Json, Number
from nexiom_runner.shape.model import ANYTHING, NULL, Array, Either, Key, Object, Shape, Type
from nexiom_runner.shape.values import INT, is_date, is_timestamptz, is_uuid

DEEPEST = 40  # levels; what lies deeper is `any`


def infer_shape(value: Json, depth: int = 0) -> Shape:
    """A shape that the value meets; nothing of a text, number or bool is in it, keys of objects are."""
    if depth > DEEPEST:
        return ANYTHING
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Type("bool")
    if isinstance(value, Number):
        return Type("int" if INT.match(value.text) else "number")
    if isinstance(value, str):
        return Type(_text_type(value))
    if isinstance(value, Mapping):
        return Object(tuple(Key(key, infer_shape(each, depth + 1)) for key, each in value.items()))
    return Array(infer_items(value, depth + 1))


def infer_items(values: Sequence[Json], depth: int = 0) -> Shape:
    """One shape that each of the values meets; `any` where there is none to see."""
    merged: Shape | None = None
    for value in values:
        shape = infer_shape(value, depth)
        merged = shape if merged is None else merge(merged, shape)
    return ANYTHING if merged is None else merged


def merge(one: Shape, other: Shape) -> Shape:
    """A shape that every value of either meets, not wider than needed: keys become optional, types options."""
    if one == other:
        return one
    match one, other:
        case (Object(), Object()):
            return _merge_objects(one, other)
        case (Array(), Array()):
            return Array(_merge_items(one.items, other.items))
        case (Type("int"), Type("number")) | (Type("number"), Type("int")):
            return Type("number")
        case (Type(), Type()) if {one.name, other.name} <= {"text", "uuid", "date", "timestamptz"}:
            return Type("text")
    return _either(one, other)


def _merge_items(one: Shape, other: Shape) -> Shape:
    if ANYTHING in (one, other):
        return other if one == ANYTHING else one
    return merge(one, other)


def _merge_objects(one: Object, other: Object) -> Shape:
    ours, theirs = ({key.name: key for key in each.keys} for each in (one, other))
    keys = []
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        mine, its = ours.get(name), theirs.get(name)
        if mine is not None and its is not None:
            keys.append(Key(name, merge(mine.shape, its.shape), mine.optional or its.optional))
        else:
            keys.append(Key(name, (mine or its or Key(name, ANYTHING)).shape, optional=True))
    return Object(tuple(keys))


def _either(one: Shape, other: Shape) -> Shape:
    """Options of a text, and `$or: null`; a mix that the grammar cannot write is `any`."""
    options: list[Shape] = []
    for shape in (one, other):
        for option in shape.options if isinstance(shape, Either) else (shape,):
            _add_option(options, option)
    if len(options) == 1:
        return options[0]
    nested = [option for option in options if isinstance(option, Object | Array)]
    options.sort(key=lambda option: option == NULL)
    if nested and (len(options) > 2 or NULL not in options):
        return ANYTHING
    return Either(tuple(options))


def _add_option(options: list[Shape], option: Shape) -> None:
    if option == ANYTHING:
        options[:] = [ANYTHING]
    for index, there in enumerate(options):
        if there in (option, ANYTHING):
            return
        together = merge(there, option) if type(there) is type(option) and not isinstance(option, Either) else None
        if together is not None and not isinstance(together, Either):
            options[index] = together
            return
    options.append(option)


def _text_type(text: str) -> str:
    for name, test in (("uuid", is_uuid), ("date", is_date), ("timestamptz", is_timestamptz)):
        if test(text):
            return name
    return "text"
