"""JSON read so that numbers keep their text: 3 and 3.0 are one number to PostgreSQL and two types to a client."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as its text."""

    text: str


Json: TypeAlias = "bool | str | Number | Sequence[Json] | Mapping[str, Json] | None"


class JsonError(ValueError):
    """The text is not JSON, or holds what clients read differently; the message says which."""


def loads(text: str) -> Json:
    """The value of a JSON text. Raises JsonError, also for a key given twice in one object (RFC 8259, 4)."""
    try:
        value: Json = _DECODER.decode(text)
    except JsonError:
        raise
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos + 1}") from None
    except RecursionError:
        raise JsonError("it is nested too deep to be read") from None
    return value


def dumps(value: Json) -> str:
    """The JSON text of a value, numbers as they were."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{dumps(key)}: {dumps(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(dumps, value)) + "]"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and not _encodes(value))


def _encodes(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _object(pairs: list[tuple[str, Json]]) -> Json:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise JsonError(f"the key {dumps(twice)} is given twice")
    return made


def _constant(text: str) -> NoReturn:
    raise JsonError(f"{text} is no JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_constant)
