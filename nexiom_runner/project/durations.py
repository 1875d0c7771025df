"""Durations as people write them: `500ms`, `5s`, `2m`, `1h`, `0`."""

import re

FORM = "a duration such as 500ms, 5s, 2m, 1h or 0"
PATTERN = "([0-9]{1,9})(ms|s|m|h)|0"

_DURATION = re.compile(PATTERN)
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}
_MOST = 2**31 - 1  # milliseconds that a setting of PostgreSQL holds: 24 days


def parse_duration(text: str) -> int | None:
    """Milliseconds of a duration; None where the text is none, or more than 24 days."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    value = int(found[1]) * _UNITS[found[2]] if found[1] else 0
    return value if value <= _MOST else None


_PART = (
    r"(?:[0-9]{1,9}(?:\.[0-9]{1,6})? ?(?:second|sec|minute|min|hour|day|week|month|mon|year)s?"
    r"|[0-9]{1,9}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?)"
)
INTERVAL = re.compile(rf"{_PART}(?: {_PART}){{0,6}}")  # as PostgreSQL reads it: 2 hours, 3 days 12 hours, 00:30
