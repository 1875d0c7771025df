"""Reading a script: rendered SQL into statements, what it creates and mentions, and every refusal at once."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from nexiom_runner.errors import Fault, Place, ScriptError
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.sql.backfill import refused_backfill
from nexiom_runner.sql.creates import Changes, find_changes
from nexiom_runner.sql.fingerprint import of_lexemes
from nexiom_runner.sql.lexer import lexemes, significant, unterminated
from nexiom_runner.sql.mentions import Found, find_mentions, is_routine, language_of
from nexiom_runner.sql.refusals import (
    misplaced_secrets,
    refused,
    refused_meta,
    without_copy_data,
    without_restrict,
)
from nexiom_runner.sql.script import Script, ScriptKind
from nexiom_runner.sql.segments import commit_marks, is_mark, refused_marks, refused_segments, segments
from nexiom_runner.sql.split import Cut, cuts
from nexiom_runner.sql.words import Words


def read_script(rendered: Rendered, phase: str, kind: ScriptKind) -> Script:
    """The script of rendered text.

    Raises ScriptError with every refusal at once: what `refusals` names, a literal or comment that never ends, and a
    text without any statement. Lines `\\restrict` and `\\unrestrict` of pg_dump are left out of what is sent.
    """
    readable = without_copy_data(rendered.text)
    faults, script = _read(rendered, readable, phase, kind)
    if readable != rendered.text and not faults:
        faults, script = _read(rendered, rendered.text, phase, kind)
    if faults or script is None:
        raise ScriptError(*sorted(faults, key=_order))
    return script


def _read(rendered: Rendered, readable: str, phase: str, kind: ScriptKind) -> tuple[list[Fault], Script | None]:
    pieces = lexemes(readable)
    tokens = significant(pieces)
    meta = [token for token in tokens if token[1][0] == "\\"]
    text = without_restrict(rendered.text, meta) if meta else rendered.text
    statements = cuts(text, [token for token in tokens if token[1][0] != "\\"] if meta else tokens)
    directives = _directives(rendered.text, pieces)
    marks = commit_marks(directives)
    faults = [
        *refused_meta(rendered, meta),
        *refused(rendered, statements),
        *misplaced_secrets(rendered, pieces, statements),
        *refused_marks(rendered, directives, statements),
        *refused_segments(rendered, statements, marks, kind),
        *_unclosed(rendered, pieces),
        *(refused_backfill(rendered, statements, pieces, marks) if kind == "backfill" else ()),
    ]
    if not statements and not faults:
        faults.append(_nothing(rendered))
    return faults, None if faults else _script(rendered, phase, kind, text, statements, marks, of_lexemes(pieces))


def _script(
    rendered: Rendered,
    phase: str,
    kind: ScriptKind,
    text: str,
    statements: list[Cut],
    marks: Sequence[int],
    semantic_sha: str,
) -> Script:
    changes, everything, bound = Changes(), Found(), Found()
    binds = False
    for cut in statements:
        find_changes(cut.words, changes)
        find_mentions(cut.words, everything, bound)
        binds = binds or _binds(cut.words)
    return Script(
        phase=phase,
        kind=kind,
        rendered=rendered,
        text=text,
        statements=tuple(cut.statement for cut in statements),
        creates=frozenset(changes.creates),
        drops=frozenset(changes.drops),
        renames=frozenset(changes.renames),
        mentions=everything.frozen(),
        bound=bound.frozen(),
        binds_at_creation=binds,
        source_sha=rendered.source.sha256,
        semantic_sha=semantic_sha,
        segments=segments(statements, marks),
    )


def _directives(text: str, pieces: list[str]) -> list[tuple[int, str]]:
    """(offset, comment) of every comment that speaks to nexiom."""
    if "nexiom" not in text.lower():
        return []
    offsets = accumulate(map(len, pieces), initial=0)
    return [(offset, piece) for offset, piece in zip(offsets, pieces, strict=False) if is_mark(piece)]


def _binds(words: Words) -> bool:
    """Whether the statement resolves what it mentions when it runs, beyond the object it makes or describes."""
    if is_routine(words):
        return language_of(words) == "sql"
    return words[0] not in ("grant", "revoke", "comment", "alter", "drop", "set", "reset")


def _unclosed(rendered: Rendered, pieces: list[str]) -> Iterator[Fault]:
    what = unterminated(pieces)
    if what is not None:
        offset = sum(map(len, pieces)) - len(pieces[-1])
        closing = _CLOSING.get(what) or pieces[-1][: pieces[-1].index("$", 1) + 1]
        yield rendered.fault(f"{what} is never closed", offset, hint=f"Close it with {closing}")


def _nothing(rendered: Rendered) -> Fault:
    file = rendered.source.path.rsplit("/", 1)[-1]
    name = file if file in ("apply.sql", "backfill.sql") else "the file"
    return Fault(
        "script has no statement",
        Place(rendered.source.path, 1),
        hint=f"Write SQL into it, or delete {name}.",
    )


def _order(fault: Fault) -> tuple[int, int]:
    return (fault.place.line, fault.place.column) if fault.place else (0, 0)


_CLOSING = {"string": "'", "quoted identifier": '"', "comment": "*/"}
