"""The nearest of the names that exist, for "did you mean"."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from nexiom_runner.errors import Fault
from nexiom_runner.tree import Scalar


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` most like `word`, case aside, or None where none is like enough; the first of equals."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word.casefold())
    best, score = None, 0.6
    for candidate in words:
        matcher.set_seq1(candidate.casefold())
        if matcher.real_quick_ratio() > score and matcher.quick_ratio() > score and matcher.ratio() > score:
            best, score = candidate, matcher.ratio()
    return best


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """`Did you mean "x"?` or None."""
    found = nearest(word, words)
    return None if found is None else f'Did you mean "{found}"?'


def unknown(kind: str, scalar: Scalar, known: Iterable[str], within: str) -> Fault:
    """The fault of a name that is not among `known`: the nearest one, else all of them while they are few."""
    names = list(known)
    return Fault(
        f'unknown {kind} "{shown(scalar.text)}" {within}',
        scalar.place,
        width=width(scalar),
        hint=did_you_mean(scalar.text, names) or _all_of(names),
    )


def shown(text: str, limit: int = 60) -> str:
    """Text of the user's for one line of a message: control characters escaped, cut at `limit` characters."""
    line = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def width(scalar: Scalar) -> int:
    """How many characters of its line a scalar takes, quotes included."""
    first = scalar.text.split("\n", 1)[0]
    return max(1, len(first) + (0 if scalar.plain else 2))


def _all_of(names: list[str]) -> str | None:
    if not names or len(names) > 15:
        return None
    return "Known: " + ", ".join(names) + "."
