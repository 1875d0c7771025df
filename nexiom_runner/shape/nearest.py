"""The name that was probably meant."""

from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` fewest slips away from `word`, at most one in three letters, or None."""
    lowered = word.lower()
    allowed = max(1, (len(word) + 1) // 3)
    gaps = [(abs(len(each) - len(word)), each) for each in words]
    near = [(slips(lowered, each.lower()), gap, each) for gap, each in gaps if gap <= allowed]
    distance, _, best = min(near, default=(allowed + 1, 0, ""))
    return best if distance <= allowed and distance < len(word) else None


def slips(one: str, other: str) -> int:
    """Letters added, left out, changed or swapped between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row, earlier = row, [i], before
        for j, against in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[j] = min(row[j], earlier[j - 2] + 1)
        before = last
    return row[-1]
