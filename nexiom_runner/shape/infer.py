"""The shape of a value that was seen: its types, and its values only where that is asked for."""

from collections.abc import Mapping, Sequence

from nexiom_runner.shape.json import Json, Number, dumps
from nexiom_runner.shape.model import ANYTHING, NULL, Array, Either, Enum, Key, Literal, Object, Shape, Type
from nexiom_runner.shape.terms import CONSTANTS, NUMBER
from nexiom_runner.shape.values import INT, is_date, is_timestamptz, is_uuid

NOTHING = Either(())  # of the items of an empty list
TEXTS = frozenset({"text", "uuid", "date", "timestamptz"})
MOST = 5  # different values that are written as they are
DEEPEST = 40  # levels; what lies deeper is `any`


def infer_shape(value: Json) -> Shape:
    """A shape that the value meets; nothing of a text, number or bool is in it, keys of objects are."""
    return _closed(_seen(value, 0))


def infer_items(values: Sequence[Json]) -> Shape:
    """One shape that each of the values meets; `any` where there is none to see."""
    return _closed(_seen_all(values, 0))


def infer_values(values: Sequence[Json]) -> Shape:
    """One shape that each of the values meets, with the values themselves where there are few."""
    return _exact(infer_items(values), values)


def _exact(shape: Shape, values: Sequence[Json]) -> Shape:
    match shape:
        case Object(keys):
            objects = [value for value in values if isinstance(value, Mapping)]
            return Object(tuple(_exact_key(key, objects) for key in keys))
        case Array(items):
            lists = [value for value in values if isinstance(value, Sequence) and not isinstance(value, str)]
            return Array(_exact(items, [item for value in lists for item in value]))
        case Type():
            return _constants(values) or shape
        case Either(options) if not any(isinstance(option, Object | Array) for option in options):
            return _constants(values) or shape
    return shape


def _exact_key(key: Key, objects: Sequence[Mapping[str, Json]]) -> Key:
    return Key(key.name, _exact(key.shape, [value[key.name] for value in objects if key.name in value]), key.optional)


def _constants(values: Sequence[Json]) -> Shape | None:
    """The values as literals and one choice of texts; None where there are too many, or one cannot be written so."""
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    others = dict.fromkeys(dumps(value) for value in values if not isinstance(value, str))
    options: list[Shape] = [*([Enum(texts)] if texts else []), *map(Literal, others)]
    if (
        not options
        or len(texts) + len(others) > MOST
        or not all(NUMBER.match(text) or text in CONSTANTS for text in others)
    ):
        return None
    return options[0] if len(options) == 1 else Either(tuple(options))


def _seen(value: Json, depth: int) -> Shape:
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
        return Object(tuple(Key(key, _seen(each, depth + 1)) for key, each in value.items()))
    return Array(_seen_all(value, depth + 1))


def _seen_all(values: Sequence[Json], depth: int) -> Shape:
    merged: Shape = NOTHING
    for value in values:
        merged = _merge(merged, _seen(value, depth))
    return merged


def _closed(shape: Shape) -> Shape:
    """The shape with `any` where nothing was seen."""
    match shape:
        case Either(options):
            return Either(tuple(map(_closed, options))) if options else ANYTHING
        case Array(items):
            return Array(_closed(items))
        case Object(keys):
            return Object(tuple(Key(key.name, _closed(key.shape), key.optional) for key in keys))
    return shape


def _merge(one: Shape, other: Shape) -> Shape:
    """A shape that every value of either meets, not wider than needed: keys become optional, types options."""
    together = _together(one, other)
    return _either(one, other) if together is None else together


def _together(one: Shape, other: Shape) -> Shape | None:
    """Both as one shape of the same kind, or None where they stay two options."""
    match one, other:
        case _ if one in (other, NOTHING):
            return other
        case _ if other == NOTHING:
            return one
        case (Object(), Object()):
            return _merge_objects(one, other)
        case (Array(), Array()):
            return Array(_merge(one.items, other.items))
        case (Type("int"), Type("number")) | (Type("number"), Type("int")):
            return Type("number")
        case (Type(), Type()) if {one.name, other.name} <= TEXTS:
            return Type("text")
        case (Type("any"), _) | (_, Type("any")):
            return ANYTHING
    return None


def _merge_objects(one: Object, other: Object) -> Shape:
    ours, theirs = ({key.name: key for key in each.keys} for each in (one, other))
    keys = []
    for name in [*ours, *(name for name in theirs if name not in ours)]:
        mine, its = ours.get(name), theirs.get(name)
        if mine is not None and its is not None:
            keys.append(Key(name, _merge(mine.shape, its.shape), mine.optional or its.optional))
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
    for index, there in enumerate(options):
        together = _together(there, option)
        if together is not None:
            options[index] = together
            return
    options.append(option)


def _text_type(text: str) -> str:
    for name, test in (("uuid", is_uuid), ("date", is_date), ("timestamptz", is_timestamptz)):
        if test(text):
            return name
    return "text"
