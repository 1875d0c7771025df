"""Clauses of SQL as words: the text after an object's name read piece by piece."""

from functools import lru_cache

from nexiom_runner.sql.lexer import Kind, fold, kind_of, lexemes, significant

Words = list[tuple[str, str]]  # (as compared, as written with what stands before it)


class Unreadable(ValueError):
    """A text is not the definition it should be."""


def words_of(text: str) -> Words:
    """Significant lexemes, each with the text from the end of the one before."""
    found: Words = []
    end = 0
    for offset, piece in significant(lexemes(text)):
        word = fold(piece) if kind_of(piece) is Kind.WORD else piece
        found.append((word, text[end:offset] + piece))
        end = offset + len(piece)
    return found


def text_of(words: Words) -> str:
    """Words as they were written."""
    return "".join(text for _, text in words).strip()


def bracketed(words: Words) -> tuple[Words, Words]:
    """What stands in the brackets that open here, and what follows them."""
    depth = 0
    for at, (word, _) in enumerate(words):
        depth += (word in ("(", "[")) - (word in (")", "]"))
        if depth == 0:
            return words[1:at], words[at + 1 :]
    raise Unreadable("a bracket is not closed")


def split(words: Words) -> list[Words]:
    """What stands between commas, those within brackets left alone."""
    parts: list[Words] = [[]]
    depth = 0
    for word in words:
        depth += (word[0] in ("(", "[")) - (word[0] in (")", "]"))
        if depth == 0 and word[0] == ",":
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


@lru_cache(maxsize=16_384)
def bare(text: str) -> str:
    """An expression without the brackets around all of it."""
    words = words_of(text)
    while words and words[0][0] == "(" and not bracketed(words)[1]:
        words = words[1:-1]
    return text_of(words)
