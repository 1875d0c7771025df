"""What a JSON value is in a message's words, and the texts PostgreSQL prints for its types."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from nexiom_runner.shape.json import Json, Number, dumps

LONGEST = 60
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
DATE = re.compile(r"([0-9]{4,})-([0-9]{2})-([0-9]{2})( BC)?\Z", re.ASCII)
TIME = re.compile(
    r"(?P<date>[0-9]{4,}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"[+-][0-9]{2}(:[0-5][0-9]){1,2}(?P<era> BC)?\Z",
    re.ASCII,
)
INT = re.compile(r"-?[0-9]+\Z", re.ASCII)


def kind_of(value: Json) -> str:
    """`text`, `number`, `bool`, `null`, `a list` or `an object`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, Number):
        return "number"
    if isinstance(value, str):
        return "text"
    return "an object" if isinstance(value, Mapping) else "a list"


def shown(value: Json) -> str:
    """`"3" (text)`, `3 (number)`, `true (bool)`, `null`, `a list of 3`, `an object`."""
    if isinstance(value, Mapping):
        return "an object"
    if value is None:
        return "null"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"a list of {len(value)}"
    text = dumps(value)
    return f"{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'} ({kind_of(value)})"


def is_uuid(text: str) -> bool:
    """As PostgreSQL prints one: lower case with hyphens."""
    return UUID.match(text) is not None


def is_date(text: str) -> bool:
    """As `to_jsonb` prints a date: `2026-11-22`, with ` BC` before our era, and never `infinity`."""
    match = DATE.match(text)
    return match is not None and _is_day(int(match[1]), int(match[2]), int(match[3]), match[4] is not None)


def is_timestamptz(text: str) -> bool:
    """As `to_jsonb` prints a time with its zone: `2026-11-22T10:00:00.5+00:00`, and never `infinity`."""
    match = TIME.match(text)
    return match is not None and is_date(match["date"] + (match["era"] or ""))


def _is_day(year: int, month: int, day: int, before_our_era: bool) -> bool:
    astronomical = 1 - year if before_our_era else year
    try:
        date(astronomical % 400 + 400, month, day)
    except ValueError:
        return False
    return year > 0
