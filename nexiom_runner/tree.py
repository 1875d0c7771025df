"""A parsed document as plain data: every scalar, sequence and mapping with its place.

YAML becomes this in `project`; `shape` and the expectations are read from it. Scalars keep the text
that was written (`22023`, `1.10`, `on`), so that no reader has to undo a loader's guess.
"""

from dataclasses import dataclass

from nexiom_runner.errors import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written; `plain` when it was not quoted (an unquoted `true`, `3`, `null` may be a literal)."""

    text: str
    place: Place
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    """A YAML list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """A YAML mapping in written order, keys unique."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value under `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping
