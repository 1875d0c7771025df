"""A backfill: one statement that is repeated, a batch of rows in each transaction, until it changes none."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from nexiom_runner.errors import Fault
from nexiom_runner.render.rendered import BATCH, Rendered
from nexiom_runner.sql.creates import table_name
from nexiom_runner.sql.lexer import lexemes
from nexiom_runner.sql.split import Cut, Lexeme
from nexiom_runner.sql.words import Words, name_at, skip

CHANGES = frozenset({"insert", "update", "delete", "merge"})
LARGEST_BATCH = 10 ** (len(BATCH) - 1)  # as project.backfill has it
UNBOUNDED = str(2**31 - 1)
WIDTH = len(BATCH)  # a number is put there that takes as many characters, so that every offset holds


def in_batches_of(text: str, batch: int) -> str:
    """The text as it is sent: each `{{ batch }}` is the number, in as many characters as stood there.

    Raises ValueError for a number of more digits.
    """
    number = f"{batch:>{WIDTH}}"
    if len(number) > WIDTH:
        raise ValueError(f"a batch of {batch} rows")
    return "".join(number if piece == BATCH else piece for piece in lexemes(text))


def without_limit(text: str) -> str:
    """The text with a `{{ batch }}` that bounds nothing, for a plan of all that is to be done."""
    return "".join(UNBOUNDED if piece == BATCH else piece for piece in lexemes(text))


def verb(words: Words) -> str:
    """What the statement does: `update`, behind a WITH too; its first word where it is none of those known."""
    return words[_verb_at(words)] if words else ""


def changed_table(words: Words) -> tuple[str | None, str] | None:
    """Schema and name of the table that the statement changes; None of a select, which does not say."""
    at = _verb_at(words)
    if words[at] not in CHANGES:
        return None
    parts, _ = name_at(words, skip(words, at + 1, frozenset({"into", "from", "only"})))
    return table_name(parts) if parts else None


def refused_backfill(
    rendered: Rendered, cuts: Sequence[Cut], pieces: Sequence[str], marks: Sequence[int]
) -> Iterator[Fault]:
    """A fault for all that keeps the text from being one statement that can be repeated in batches."""
    for mark in marks:
        hint = "Take it out: each batch is a transaction of its own."
        yield rendered.fault('"-- nexiom: commit" in a backfill', mark, len("-- nexiom: commit"), hint=hint)
    for cut in cuts[1:]:
        hint = "One statement is repeated; what comes before it belongs into apply.sql, what comes behind into a phase."
        yield _at(rendered, cut.tokens[0], "a second statement in a backfill", hint)
    for cut in cuts[:1]:
        yield from _refused_statement(rendered, cut)
    yield from _misplaced_batch(rendered, pieces)
    if cuts and BATCH not in rendered.text:
        yield _at(rendered, cuts[0].tokens[0], "the backfill does not say {{ batch }}: nothing bounds a batch", _LIMIT)


def _refused_statement(rendered: Rendered, cut: Cut) -> Iterator[Fault]:
    does = verb(cut.words)
    if does not in CHANGES | {"select"}:
        what = f'"{cut.words[0]}" is nothing that a backfill repeats'
        yield _at(rendered, cut.tokens[0], what, _KINDS)
    elif does == "select" and (into := _into(cut.words)) is not None:
        yield _at(rendered, cut.tokens[into], '"select … into" creates a table, which no batch can repeat', _KINDS)
    yield from _ends_early(rendered, cut)


def _ends_early(rendered: Rendered, cut: Cut) -> Iterator[Fault]:
    """What makes a batch change no row although there are some left to change."""
    words = cut.words
    for at, word in enumerate(words):
        if word == "skip" and words[at + 1 : at + 2] == ["locked"]:
            message = '"skip locked" in a backfill: a batch that finds only locked rows would be taken for the last'
            hint = "Take it out: a batch that waits too long for a row is tried again."
            yield _at(rendered, cut.tokens[at], message, hint)
        elif words[at : at + 2] == ["do", "nothing"] and not _LEAVES_OUT & set(words):
            message = '"on conflict do nothing" alone: a batch of rows that are all there would be taken for the last'
            hint = "Leave out what is done where the rows are chosen: where not exists (select from …)."
            yield _at(rendered, cut.tokens[at], message, hint)


def _misplaced_batch(rendered: Rendered, pieces: Sequence[str]) -> Iterator[Fault]:
    """A fault for each `{{ batch }}` that is no number on its own, comments left alone."""
    offsets = accumulate(map(len, pieces), initial=0)
    for offset, piece in zip(offsets, pieces, strict=False):
        if BATCH in piece and piece != BATCH and piece[:2] not in ("--", "/*"):
            hint = "Write {{ batch }} where a number may stand, with nothing else of it: limit {{ batch }}."
            yield rendered.fault("{{ batch }} is not a number on its own", offset + piece.index(BATCH), hint=hint)


def _verb_at(words: Words) -> int:
    """Index of the statement's verb: behind a WITH the first that stands outside of its queries and names none."""
    if words[0] != "with":
        return 0
    depth = 0
    for at, word in enumerate(words):
        depth += (word in ("(", "[")) - (word in (")", "]"))
        named = words[at - 1] in ("with", "recursive", ",") and at + 1 < len(words) and words[at + 1] in ("as", "(")
        if depth == 0 and word in CHANGES | {"select"} and not named:
            return at
    return 0


def _into(words: Words) -> int | None:
    """Index of the `into` of a select, outside of parentheses."""
    depth = 0
    for at, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if depth == 0 and word == "into" and at > _verb_at(words):
            return at
    return None


def _at(rendered: Rendered, token: Lexeme, message: str, hint: str) -> Fault:
    return rendered.fault(message, token[0], len(token[1]), hint=hint)


_LEAVES_OUT = frozenset({"where", "except", "join"})
_LIMIT = "Write it where the rows are chosen: where id in (select id from … where … limit {{ batch }})."
_KINDS = "Write an insert, update, delete or merge, or the select of a function that returns how many rows it changed."
