"""Calls made as several users, as one table: a line a call, a column a user, in each cell what came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nexiom_runner.report.tables import aligned
from nexiom_runner.results import FAILING, Outcome, Result

TITLE = "who may what"
NOT_CALLED = "–"


@dataclass(frozen=True, slots=True)
class Matrix:
    """`rows` are calls, each with its phase and what came of it by user; `users` in the order they are first named."""

    users: tuple[str, ...]
    rows: tuple[tuple[str | None, str, Mapping[str, str]], ...]


def matrix_of(results: Iterable[Result]) -> Matrix | None:
    """The table of all calls of a matrix; None where there is none."""
    rows: dict[tuple[str | None, str], dict[str, str]] = {}
    for result in results:
        if result.cell is not None:
            rows.setdefault((result.phase, result.subject), {})[result.role or ""] = _cell(result)
    users = tuple(dict.fromkeys(user for cells in rows.values() for user in cells))
    found = tuple((phase, subject, cells) for (phase, subject), cells in rows.items())
    return Matrix(users, found) if found else None


def matrix_lines(results: Iterable[Result]) -> list[str]:
    """The table for a terminal, each user in a column; nothing where no call has a matrix."""
    matrix = matrix_of(results)
    if matrix is None:
        return []
    header = [TITLE, *matrix.users]
    rows = [[subject, *(cells.get(user, "") for user in matrix.users)] for _, subject, cells in matrix.rows]
    return aligned([header, *rows], gap="   ")


def _cell(result: Result) -> str:
    """What came of a call, with the outcome before it where that is a failure."""
    said = result.cell or NOT_CALLED
    if result.outcome in FAILING:
        return f"{result.outcome} {said}"
    return NOT_CALLED if result.outcome is Outcome.SKIP else said
