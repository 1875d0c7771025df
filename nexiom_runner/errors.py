"""What went wrong, as fields: each stage's error, the places it names, and its one printed form."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type[Any])


@dataclass_transform(frozen_default=True)
def record(made: Class) -> Class:
    """A frozen dataclass with slots to the type checker, and to it alone: of these there are tens of thousands.

    At run time nothing keeps a field from being set, and making one takes a quarter of the time.
    """
    return dataclass(slots=True, unsafe_hash=True)(made)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A character in a file of the project: POSIX path relative to the project, line and column from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `source` is the line the place points at, `width` the characters to mark."""

    message: str
    place: Place | None = None
    source: str | None = None
    width: int = 1
    detail: str | None = None
    state: str | None = None
    hint: str | None = None


class NexiomError(Exception):
    """The user's or the world's mistake; carries every fault found. Never raised for a fault of nexiom."""

    exit_code = 2

    def __init__(self, *faults: Fault | str) -> None:
        self.faults = tuple(Fault(fault) if isinstance(fault, str) else fault for fault in faults)
        super().__init__("\n".join(fault.message for fault in self.faults))


class UsageError(NexiomError):
    """The command line asks for something that cannot be."""


class ProjectError(NexiomError):
    """Files of the project are missing or do not say what they must."""


class RenderError(NexiomError):
    """A template cannot be rendered."""


class ScriptError(NexiomError):
    """Rendered SQL cannot be split, or holds what a script may not hold."""


class GraphError(NexiomError):
    """The scripts have no order."""


class LedgerError(NexiomError):
    """The ledger cannot be read or does not belong to this runner."""


class TargetError(NexiomError):
    """The target is not one that can be used: unknown, misconfigured, or without the needed rights."""


class UnavailableError(NexiomError):
    """The server or the lock could not be had; trying again later may work."""

    exit_code = 4


class RunError(NexiomError):
    """It ran and failed; `state` of the fault says what is left behind."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What the server said (the fields of an ErrorResponse or NoticeResponse), secrets already removed."""

    sqlstate: str
    severity: str
    message: str
    detail: str | None = None
    hint: str | None = None
    context: str | None = None
    position: int | None = None  # character in the text sent, from 1
    internal_query: str | None = None
    internal_position: int | None = None
    after: int = 0  # of a notice: statements of its message that had ended before, or one less


class ServerError(NexiomError):
    """The server refused a statement. Stages catch it and say where; uncaught it reads as it came."""

    exit_code = 1

    def __init__(self, report: ServerReport, completed: int = 0) -> None:
        self.report = report
        self.completed = completed  # statements of the same message that had run before this one
        super().__init__(Fault(report.message, detail=f"PostgreSQL reported SQLSTATE {report.sqlstate}."))


def with_source(fault: Fault, text: str) -> Fault:
    """The fault with the line of `text` its place points at."""
    lines = text.split("\n")
    if fault.place is None or not 1 <= fault.place.line <= len(lines):
        return fault
    return replace(fault, source=lines[fault.place.line - 1])


def describe(fault: Fault, kind: str = "error") -> str:
    """The printed form of a fault, without a final newline."""
    lines = [f"{kind}: {fault.message}"]
    if fault.place is not None:
        lines.append(f"  {fault.place}")
        if fault.source is not None:
            lines.extend(_excerpt(fault.place, fault.source, fault.width))
    for label, text in (("detail", fault.detail), ("state", fault.state), ("hint", fault.hint)):
        if text:
            lines.append(f"{label}: {text}")
    return "\n".join(lines)


def _excerpt(place: Place, source: str, width: int) -> list[str]:
    shown, column = _window(source, place.column)
    number = str(place.line)
    marks = "^" * max(1, min(width, len(shown) - column + 1))
    pad = "".join("\t" if character == "\t" else " " for character in shown[: column - 1])
    return [f"    {number} | {shown}", f"    {' ' * len(number)} | {pad}{marks}"]


def _window(source: str, column: int, limit: int = 160) -> tuple[str, int]:
    """At most `limit` characters of a long line around the column, and the column within them."""
    if len(source) <= limit:
        return source, column
    start = max(0, min(column - limit // 2, len(source) - limit))
    return source[start : start + limit], column - start
