"""Result sets as a terminal shows them, and as JSON."""

import unicodedata
from collections.abc import Sequence

Row = Sequence[str | None]
WIDEST = 80  # characters of a cell on a terminal; JSON has them all


def table(columns: Sequence[str], rows: Sequence[Row], *, widest: int = WIDEST) -> list[str]:
    """Aligned lines: header, rule, rows, the count. NULL is shown as ∅, so that it is not an empty text."""
    shown = [[_cell(value, widest) for value in row] for row in rows]
    header = [_cell(name, widest) for name in columns]
    widths = [max(map(_width, column)) for column in zip(header, *shown, strict=True)]
    lines = [_line(header, widths), "─" * (sum(widths) + 3 * max(0, len(widths) - 1))]
    lines += [_line(row, widths) for row in shown]
    return [*lines, f"({len(rows)} row{'' if len(rows) == 1 else 's'})"]


def aligned(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Lines whose columns stand below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return " │ ".join(padded).rstrip()


def _cell(value: str | None, widest: int) -> str:
    if value is None:
        return "∅"
    text = "".join(c if c.isprintable() else "↵" if c == "\n" else "·" for c in value)
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _width(text: str) -> int:
    """Columns of a terminal: wide East Asian characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)
