"""What PostgreSQL prints for a column, as the JSON that `to_jsonb` would make of it."""

import re

from nexiom_runner.shape.json import Json, Number, loads

BOOL, JSON, JSONB = 16, 114, 3802
NUMBERS = frozenset({20, 21, 23, 26, 700, 701, 1700})
TIMESTAMP, TIMESTAMPTZ = 1114, 1184
NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})
# oid of an array type: oid of its elements (pg_type.dat)
ELEMENTS = {
    199: 114,
    1000: 16,
    1005: 21,
    1007: 23,
    1009: 25,
    1015: 1043,
    1016: 20,
    1021: 700,
    1022: 701,
    1115: 1114,
    1182: 1082,
    1185: 1184,
    1231: 1700,
    2951: 2950,
    3807: 3802,
}
ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"|([^{},]+)', re.DOTALL)


def as_json(text: str | None, oid: int) -> Json:
    """The value of a column whose type has this oid; a type that JSON does not know is a text.

    Raises JsonError for json that holds what clients read differently. Source: the manual's 9.16, to_json.
    """
    if text is None:
        return None
    if oid == BOOL:
        return text == "t"
    if oid in NUMBERS:
        return text if text in NOT_FINITE else Number(text)
    if oid in (JSON, JSONB):
        return loads(text)
    if oid in (TIMESTAMP, TIMESTAMPTZ):
        return _time(text, oid)
    return _array(text, ELEMENTS[oid]) if oid in ELEMENTS else text


def _time(text: str, oid: int) -> str:
    """`2026-11-22 10:00:00+00` as `2026-11-22T10:00:00+00:00`."""
    day, _, rest = text.partition(" ")
    time, era, _ = rest.partition(" BC")
    if oid == TIMESTAMPTZ and re.search(r"[+-][0-9]{2}\Z", time):
        time += ":00"
    return f"{day}T{time}{era}" if time else text


def _array(text: str, element: int) -> Json:
    """`{1,2}`, `{{a},{"b c"}}`, `[0:1]={1,2}` as lists (the manual's 8.15, array input and output syntax)."""
    start = text.index("{")
    value, _ = _items(text, start, element)
    return value


def _items(text: str, at: int, element: int) -> tuple[list[Json], int]:
    """The list that begins at `at`, and the offset after its brace."""
    made: list[Json] = []
    at += 1
    while text[at] != "}":
        if text[at] == "{":
            inner, at = _items(text, at, element)
            made.append(inner)
        elif text[at] == ",":
            at += 1
        else:
            match = ITEM.match(text, at)
            assert match is not None
            made.append(_item(match, element))
            at = match.end()
    return made, at + 1


def _item(match: re.Match[str], element: int) -> Json:
    if match[1] is not None:
        return as_json(re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL), element)
    return None if match[2] == "NULL" else as_json(match[2], element)
