"""The nearest of the names that exist, for "did you mean"."""

import re
import unicodedata
from collections.abc import Iterable

from nexiom_runner.errors import Fault
from nexiom_runner.shape.nearest import nearest as fewest_slips
from nexiom_runner.tree import Scalar

_NUMBER = re.compile(r"0*(\d+)([a-z]?)(?![^\W_])")


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that was probably meant: a few slips away, else one that holds the word or is held by it."""
    names = list(words)
    return fewest_slips(word, names) or _closest_part(word, names)


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """`Did you mean "x"?` or None."""
    found = nearest(word, words)
    return None if found is None else f'Did you mean "{found}"?'


def phase_meant(word: str, phases: Iterable[str]) -> str | None:
    """`Did you mean "13_reviews"?` of its number, else of the nearest name; or None."""
    names, given = list(phases), _NUMBER.fullmatch(word.lower())
    if given:
        numbered = {found.groups(): name for name in names if (found := _NUMBER.match(name.lower()))}
        if given.groups() in numbered:
            return f'Did you mean "{numbered[given.groups()]}"?'
    return did_you_mean(word, names)


def unknown(kind: str, scalar: Scalar, known: Iterable[str], within: str) -> Fault:
    """The fault of a name that is not among `known`: the nearest one, else all of them while they are few."""
    names = list(known)
    return Fault(
        f'unknown {kind} "{shown(scalar.text)}" {within}',
        scalar.place,
        width=width(scalar),
        hint=did_you_mean(scalar.text, names) or _all_of(names),
    )


def without_accents(text: str) -> str:
    """The text with each accent taken off its letter, and without what ASCII does not have."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def shown(text: str, limit: int = 60) -> str:
    """Text of the user's for one line of a message: control characters escaped, cut at `limit` characters."""
    line = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def width(scalar: Scalar) -> int:
    """How many characters of its line a scalar takes, quotes included."""
    first = scalar.text.split("\n", 1)[0]
    return max(1, len(first) + (0 if scalar.plain else 2))


def _closest_part(word: str, names: list[str]) -> str | None:
    """The name nearest in length of those of which `word` is a part, or the other way round; three letters at least."""
    given = word.casefold()
    near = [
        (abs(len(name) - len(word)), name)
        for name in names
        if min(len(name), len(word)) > 2 and (given in name.casefold() or name.casefold() in given)
    ]
    return min(near)[1] if near else None


def _all_of(names: list[str]) -> str | None:
    if not names or len(names) > 15:
        return None
    return "Known: " + ", ".join(names) + "."
