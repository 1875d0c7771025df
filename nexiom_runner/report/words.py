"""Small phrases shared by every renderer: durations, counts, dates."""

from datetime import UTC, datetime


def duration(seconds: float) -> str:
    """`11 ms`, `1.9 s`, `2 min 5 s`."""
    if seconds < 0.0095:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 phase`, `12 phases`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}".replace(",", " ")


def moment(iso: str) -> str:
    """`2026-11-22 15:10 UTC` of an ISO 8601 time with offset."""
    return f"{datetime.fromisoformat(iso).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
