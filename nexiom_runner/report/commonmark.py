"""Text and tables as CommonMark shows them."""

import re
from collections.abc import Iterable, Sequence

# An underscore inside a word is no emphasis (CommonMark 6.2), so names stay readable.
_SPECIAL = re.compile(r"([\\`*\[\]<>|#~&]|(?<![^\W_])_|_(?![^\W_]))")


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", text.replace("\r", "").replace("\n", " "))


def code(text: str) -> str:
    """Text of one line as code within a cell; backticks in it are fenced by more of them."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{' '.join(text.split())}{fence}".replace("|", "\\|")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are escaped already."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
