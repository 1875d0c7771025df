"""A script's transactions: stretches of statements that commit together, and statements that none can hold.

Which statements the server refuses in a transaction block is said on the page of each, "cannot be executed inside a
transaction block"; of `alter type … add value`: "the new value cannot be used until after the transaction has been
committed" (https://www.postgresql.org/docs/current/sql-altertype.html).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nexiom_runner.errors import Fault
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.sql.creates import table_name
from nexiom_runner.sql.label import BEFORE_NAME
from nexiom_runner.sql.split import Cut, Lexeme
from nexiom_runner.sql.words import Words, after_options, kind_at, name_at, skip

DIRECTIVE = "-- nexiom:"
COMMIT = "commit"


class Lone(StrEnum):
    """A statement that no transaction can hold and that can be asked, later, whether it did its work."""

    CREATE_INDEX = "create index concurrently"
    DROP_INDEX = "drop index concurrently"
    REINDEX = "reindex"
    VACUUM = "vacuum"
    DETACH = "detach partition concurrently"


@dataclass(frozen=True, slots=True)
class Segment:
    """Statements `first` to before `last` (from 0), in one transaction; a single one outside of any where `lone`."""

    first: int
    last: int
    start: int  # offsets in the script's text
    end: int
    lone: Lone | None = None


@dataclass(frozen=True, slots=True)
class LoneTarget:
    """What a lone statement is about, as names without quotes; None where it is not stated."""

    schema: str | None
    name: str | None
    table_schema: str | None = None
    table: str | None = None


def lone_kind(words: Words) -> Lone | None:
    """Whether a statement must run outside of a transaction."""
    if words[0] in ("create", "drop") and _concurrent_index(words):
        return Lone.CREATE_INDEX if words[0] == "create" else Lone.DROP_INDEX
    if words[0] == "reindex" and ("concurrently" in words[1:8] or reindexed(words) in ("schema", "database")):
        return Lone.REINDEX
    if words[0] == "vacuum":
        return Lone.VACUUM
    if words[0] == "alter" and "detach" in words and words[-1] == "concurrently":
        return Lone.DETACH
    return None


def reindexed(words: Words) -> str:
    """What kind of thing `reindex [(…)]` names: index, table, schema, database or system."""
    return next(iter(after_options(words)), "")


def lone_target(kind: Lone, words: Words) -> LoneTarget:
    """The index, or the partition and its table, that a lone statement is about."""
    if kind in (Lone.CREATE_INDEX, Lone.DROP_INDEX):
        return _index_target(words)
    if kind is Lone.DETACH:
        table, end = name_at(words, skip(words, 2, BEFORE_NAME))
        partition, _ = name_at(words, skip(words, words.index("detach", end) + 1, frozenset({"partition"})))
        return LoneTarget(*_named(partition), *_named(table))
    if kind is Lone.REINDEX and reindexed(words) in ("index", "table"):
        at = words.index(reindexed(words), 1) + 1
        return LoneTarget(*_named(name_at(words, skip(words, at, BEFORE_NAME))[0]))
    return LoneTarget(None, None)


def segments(cuts: Sequence[Cut], marks: Sequence[int]) -> tuple[Segment, ...]:
    """The transactions of a script; `marks` are the offsets of its `-- nexiom: commit` lines."""
    found: list[Segment] = []
    first = 0
    for index, cut in enumerate(cuts):
        kind = lone_kind(cut.words)
        if index > first and (kind or _parted(cuts, index, first, marks)):
            found.append(_segment(cuts, first, index))
            first = index
        if kind:
            found.append(_segment(cuts, index, index + 1, kind))
            first = index + 1
    if first < len(cuts):
        found.append(_segment(cuts, first, len(cuts)))
    return tuple(found)


def is_mark(piece: str) -> bool:
    """Whether a lexeme is a `-- nexiom:` comment, or one that was meant to be: `--nexiom:`, `-- Nexiom commit`.

    Only those that begin `-- nexiom:` count; the others are refused, so that a fingerprint need not know them.
    """
    return piece.startswith("--") and _MEANT.match(piece) is not None


def commit_marks(tokens: Sequence[tuple[int, str]]) -> list[int]:
    """Offsets of `-- nexiom: commit` among all lexemes with their offsets."""
    return [offset for offset, piece in tokens if piece.startswith(DIRECTIVE) and _directive(piece) == COMMIT]


def refused_marks(rendered: Rendered, tokens: Sequence[Lexeme], cuts: Sequence[Cut]) -> Iterator[Fault]:
    """A fault for each `-- nexiom:` line that says nothing nexiom knows, is spelled otherwise, or stands within a
    statement."""
    for offset, piece in tokens:
        if not is_mark(piece):
            continue
        word = _directive(piece)
        width = len(piece.rstrip())
        if not piece.startswith(DIRECTIVE):
            hint = 'Write "-- nexiom: commit", or take the comment out.'
            yield rendered.fault(f'"{piece.rstrip()}" is read as a comment', offset, width, hint=hint)
        elif word != COMMIT:
            hint = did_you_mean(word, [COMMIT]) or 'Known is "-- nexiom: commit".'
            yield rendered.fault(f'"-- nexiom: {word}" says nothing nexiom knows', offset, width, hint=hint)
        elif any(cut.statement.head < offset < cut.tokens[-1][0] for cut in cuts):
            hint = "Put it between two statements, on a line of its own."
            yield rendered.fault('"-- nexiom: commit" stands within a statement', offset, width, hint=hint)


def refused_segments(rendered: Rendered, cuts: Sequence[Cut], marks: Sequence[int], kind: str) -> Iterator[Fault]:
    """A fault for each lone statement or mark where a script must stay one transaction, or cannot be asked about."""
    for cut in cuts:
        lone = lone_kind(cut.words)
        offset, piece = cut.tokens[0]
        if lone is not None and kind == "repeatable":
            yield rendered.fault(f'"{lone}" in a repeatable', offset, len(piece), hint=_IN_APPLY)
        elif lone is Lone.CREATE_INDEX and lone_target(lone, cut.words).name is None:
            hint = "Name it, so that nexiom can ask for it after a run that died."
            yield rendered.fault(f'"{lone}" without a name', offset, len(piece), hint=hint)
    if kind == "repeatable":
        hint = "A repeatable runs again whole and so in one transaction: take it out, or move the script to apply.sql."
        for mark in marks:
            yield rendered.fault('"-- nexiom: commit" in a repeatable', mark, len("-- nexiom: commit"), hint=hint)


def _concurrent_index(words: Words) -> bool:
    kind, index = kind_at(words, skip(words, 1, frozenset({"unique"})))
    return kind == "index" and words[index : index + 1] == ["concurrently"]


def _index_target(words: Words) -> LoneTarget:
    at = skip(words, words.index("index") + 1, BEFORE_NAME)
    if words[0] == "drop":
        return LoneTarget(*_named(name_at(words, at)[0]))
    name, end = ((), at) if words[at] == "on" else name_at(words, at)
    table, _ = name_at(words, skip(words, end + 1, BEFORE_NAME))
    schema, of = _named(table)
    return LoneTarget(schema, _named(name)[1] if name else None, schema, of)


def _named(parts: Sequence[str]) -> tuple[str | None, str | None]:
    return table_name(parts) if parts else (None, None)


def _segment(cuts: Sequence[Cut], first: int, last: int, lone: Lone | None = None) -> Segment:
    return Segment(first, last, cuts[first].statement.start, cuts[last - 1].statement.end, lone)


def _parted(cuts: Sequence[Cut], index: int, first: int, marks: Sequence[int]) -> bool:
    """Whether a transaction ends before the statement: at a mark, or behind a new value of an older enum type."""
    before, here = cuts[index - 1], cuts[index]
    if any(before.tokens[-1][0] < mark < here.statement.head for mark in marks):
        return True
    added = _adds_value(before.words)
    if added is None or _adds_value(here.words) is not None:
        return False
    return not any(_creates_type(cut.words) == added for cut in cuts[first:index])


def _adds_value(words: Words) -> tuple[str, ...] | None:
    """The type that `alter type t add value …` changes, as written."""
    if list(words[:2]) != ["alter", "type"]:
        return None
    name, end = name_at(words, 2)
    return name if list(words[end : end + 2]) == ["add", "value"] else None


def _creates_type(words: Words) -> tuple[str, ...] | None:
    """The type that a transaction made: its new values can be used at once."""
    return name_at(words, 2)[0] if list(words[:2]) == ["create", "type"] else None


def _directive(piece: str) -> str:
    return piece.removeprefix(DIRECTIVE).strip()


_MEANT = re.compile(r"--[ \t]*nexiom[ \t]*(:|[ \t]commit[ \t.;]*$)", re.IGNORECASE)
_IN_APPLY = "A repeatable runs again whole and so in one transaction: write it in apply.sql."
