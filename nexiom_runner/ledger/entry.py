"""One event of a database's history and its canonical text, the thing the chain is made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from nexiom_runner.errors import LedgerError

FORMAT = 1
LARGEST = 2**53 - 1  # RFC 8785: beyond it a reader with doubles would see another number


class Event(StrEnum):
    """What an entry says happened."""

    APPLIED = "applied"
    STARTED = "started"  # a statement that no transaction can hold is about to run
    FAILED = "failed"
    REVERTED = "reverted"
    BASELINED = "baselined"  # taken as applied without running
    ACCEPTED = "accepted"  # the file's new text is what was applied, a person says
    RETIRED = "retired"  # gone from the project, a person says
    RENAMED = "renamed"
    RERUN = "rerun"  # a repeatable applied again
    WAIVED = "waived"
    DRIFT_ACCEPTED = "drift_accepted"
    UPGRADED = "upgraded"  # the tables have a newer format
    MOVED = "moved"  # the database is not the one the entry before was written in: a clone or a restore
    IMPORTED = "imported"  # the entries before it came out of another database's ledger


@dataclass(frozen=True, slots=True)
class Who:
    """Who ran nexiom, from what: `user` is the CI's actor or the operating system's user."""

    role: str
    user: str | None = None
    run: str | None = None  # address of the CI run
    commit: str | None = None
    branch: str | None = None
    dirty: bool | None = None  # files that differ from the commit; None where that is not known


@dataclass(frozen=True, slots=True)
class Where:
    """Which database, so that a clone or a restore is recognised."""

    database: str
    oid: int
    system: str  # system identifier: 64 bits, so a text
    target: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `script` is a key ("01_core/apply.sql"); segments count from 1; `at` is UTC, ISO 8601."""

    event: Event
    project: str
    at: str
    nexiom: str
    who: Who
    where: Where
    phase: str | None = None
    script: str | None = None
    kind: str | None = None  # apply, repeatable, revert, backfill
    segment: int | None = None
    segments: int | None = None  # of the script as it was then
    source: str | None = None  # fingerprints, sha256 hex
    semantic: str | None = None
    statements: int | None = None
    reason: str | None = None
    renamed_from: str | None = None
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    format: int = FORMAT

    @property
    def commit(self) -> str | None:
        """The commit it was run from, where that is known."""
        return self.who.commit

    @property
    def destructive(self) -> str | None:
        """Why it might take data away, where it did and its phase said so."""
        return self.details.get("destructive")

    @property
    def by(self) -> str:
        """The person or CI, else the database role."""
        return self.who.user or self.who.role


def canonical(entry: Entry) -> str:
    """The entry as RFC 8785 JSON: keys sorted, no white space, no floats; what is None is left out.

    Raises ValueError for what such a text cannot hold: a lone surrogate, NUL (PostgreSQL cannot store
    it), an integer beyond 2^53.
    """
    values = _plain(entry)
    _check_numbers(values)
    text = _ENCODER.encode(values)
    text.encode()
    if "\\u0000" in text and "\\u0000" in text.replace("\\\\", ""):
        raise ValueError("a ledger entry cannot hold a NUL character")
    return text


def parse(text: str) -> Entry:
    """The entry a canonical text was made of. Raises LedgerError where it is none, or of a newer format."""
    try:
        data = json.loads(text)
        if data["format"] > FORMAT:
            raise LedgerError(
                f"ledger entry is of format {data['format']}, this nexiom reads up to format {FORMAT}: "
                f"it was written by nexiom {data['nexiom']}"
            )
        return Entry(**_read(data))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LedgerError(f"not a ledger entry: {text[:80]}") from error


class Facts(NamedTuple):
    """What the state of a database is folded from: an entry's own fields, and who and what it came from."""

    event: str
    phase: str | None
    script: str | None
    kind: str | None
    segment: int | None
    segments: int | None
    source: str | None
    semantic: str | None
    renamed_from: str | None
    at: str
    by: str
    commit: str | None = None
    destructive: str | None = None


def read_facts(text: str) -> Facts:
    """The facts of a canonical text, several times faster than `parse`. Raises LedgerError where it is no entry."""
    try:
        data = json.loads(text)
        who = data["who"]
        by = who.get("user") or who["role"]
        why = data["details"].get("destructive") if "details" in data else None
        return Facts._make([data["event"], *map(data.get, _FACTS), data["at"], by, who.get("commit"), why])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LedgerError(f"not a ledger entry: {text[:80]}") from error


def read_where(text: str) -> Where:
    """The database a canonical text was written in. Raises LedgerError where it is no entry."""
    try:
        return Where(**json.loads(text)["where"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LedgerError(f"not a ledger entry: {text[:80]}") from error


def _plain(entry: Entry) -> dict[str, Any]:
    """Without what is None, keys in the order of their UTF-16 code units (RFC 8785, 3.2.3)."""
    values = {name: value for name in _ENTRY if (value := getattr(entry, name)) is not None}
    values["who"] = {name: value for name in _WHO if (value := getattr(entry.who, name)) is not None}
    values["where"] = {name: value for name in _WHERE if (value := getattr(entry.where, name)) is not None}
    if entry.details:
        values["details"] = dict(sorted(entry.details.items(), key=_utf16))
    else:
        del values["details"]
    return values


def _utf16(item: tuple[str, str]) -> bytes:
    return item[0].encode("utf-16-be", "surrogatepass")


def _check_numbers(values: Mapping[str, Any]) -> None:
    for value in values.values():
        if isinstance(value, dict):
            _check_numbers(value)
        elif isinstance(value, int) and abs(value) > LARGEST:
            raise ValueError(f"a ledger entry cannot hold the number {value}")


def _read(data: dict[str, Any]) -> dict[str, Any]:
    values = {
        **data,
        "event": Event(data["event"]),
        "who": Who(**data["who"]),
        "where": Where(**data["where"]),
    }
    if "details" in data:
        values["details"] = MappingProxyType(dict(data["details"]))
    return values


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_ENTRY, _WHO, _WHERE = (tuple(sorted(kind.__slots__)) for kind in (Entry, Who, Where))
_FACTS = Facts._fields[1:-4]
