"""What a script may not hold, because its transactions are the runner's and it is sent as text to the server."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from nexiom_runner.errors import Fault
from nexiom_runner.render.rendered import SECRET, SECRET_OPENING, Rendered
from nexiom_runner.sql.mentions import is_routine
from nexiom_runner.sql.split import Cut, Lexeme
from nexiom_runner.sql.words import Words, after_options, kind_at


class Refusal(NamedTuple):
    """Why a statement is refused and what to do instead."""

    message: str
    hint: str


def refused(rendered: Rendered, cuts: list[Cut]) -> Iterator[Fault]:
    """A fault for each thing in the statements that a script may not hold, in their order."""
    for cut in cuts:
        refusal = next(filter(None, (rule(cut.words) for rule in RULES)), None)
        if refusal is not None:
            offset, piece = cut.tokens[0]
            yield rendered.fault(refusal.message, offset, len(piece), hint=refusal.hint)


def refused_meta(rendered: Rendered, meta: list[Lexeme]) -> Iterator[Fault]:
    """A fault for each psql meta-command, but for those that pg_dump writes."""
    for offset, piece in meta:
        command = piece.split(None, 1)[0]
        hint = _META_HINTS.get(command, "Take it out: psql runs it, the server does not know it.")
        if command not in _OF_PG_DUMP:
            yield rendered.fault(f'psql meta-command "{command}" in a script', offset, len(piece.rstrip()), hint=hint)


def misplaced_secrets(rendered: Rendered, pieces: Sequence[str], cuts: list[Cut]) -> Iterator[Fault]:
    """A fault for each secret that is not a whole quoted literal, or that a function would store."""
    if SECRET_OPENING not in rendered.text:
        return
    offsets = accumulate(map(len, pieces), initial=0)
    whole = {offset + 1 for offset, piece in zip(offsets, pieces, strict=False) if _WHOLE_SECRET.fullmatch(piece)}
    for match in SECRET.finditer(rendered.text):
        if _in_routine(match.start(), cuts):
            yield rendered.fault(
                f'secret "{match[1]}" in a function, whose text the database stores and shows',
                match.start(),
                hint="Keep it in a table that only the function's owner may read, and insert it there.",
            )
        elif match.start() not in whole:
            yield rendered.fault(
                f'secret "{match[1]}" is not a whole quoted literal',
                match.start(),
                hint=f"Write '{{{{ secret('{match[1]}') }}}}' with nothing else between the quotes.",
            )


def without_copy_data(text: str) -> str:
    """The text with the data lines of `copy … from stdin` blanked, so that what follows them can be read too."""
    return _COPY_DATA.sub(_without_group, text) if "\n\\." in text else text


def without_restrict(text: str, meta: list[Lexeme]) -> str:
    """The text with pg_dump's `\\restrict` and `\\unrestrict` lines blanked; offsets stay."""
    for offset, piece in meta:
        if piece.split(None, 1)[0] in _OF_PG_DUMP:
            text = text[:offset] + " " * len(piece) + text[offset + len(piece) :]
    return text


def _without_group(match: re.Match[str]) -> str:
    start, end = match.start(1) - match.start(), match.end() - match.start()
    return match[0][:start] + re.sub(r"[^\n]", " ", match[0][start:end])


def _in_routine(offset: int, cuts: list[Cut]) -> bool:
    found = (cut for cut in cuts if cut.statement.start <= offset < cut.statement.end)
    return any(is_routine(cut.words) for cut in found)


def _transaction_control(words: Words) -> Refusal | None:
    head = words[0]
    if head in _TRANSACTION or list(words[:2]) in (["start", "transaction"], ["prepare", "transaction"]):
        shown = " ".join(words[:2]) if head in ("start", "prepare") else head
        return Refusal(
            f'"{shown}" controls the transaction',
            "Take it out: a script runs in one transaction that nexiom begins and commits.",
        )
    if head == "set" and (list(words[1:2]) == ["transaction"] or "characteristics" in words[1:4]):
        return Refusal(
            f'"{" ".join(words[: 3 if words[1] == "session" else 2])}" changes the transaction nexiom has begun',
            "Take it out: scripts run read committed, read write.",
        )
    return None


def _session_state(words: Words) -> Refusal | None:
    head, second = words[0], words[1] if len(words) > 1 else ""
    if head == "set" and second not in ("local", "constraints"):
        name = "role" if second == "role" else " ".join(words[1 : 3 if second == "session" else 2])
        return Refusal(
            f'"{f"set {name}".rstrip()}" outlives the script',
            f"Write {_local(words)}, which ends with the script's transaction.",
        )
    if head == "discard" or (head == "reset" and second == "all"):
        return Refusal(f'"{head} {second}" changes the session', "Take it out: every script starts in a clean one.")
    if head in ("listen", "unlisten"):
        return Refusal(f'"{head}" outlives the script', "Take it out: nexiom reads no notifications.")
    if head in ("prepare", "deallocate"):
        return Refusal(f'"{head}" outlives the script', "Write the statement itself where it is executed.")
    return None


def _local(words: Words) -> str:
    if list(words[1:3]) == ["session", "authorization"]:
        return '"set local role …"'
    rest = words[2:] if words[1:2] == ["session"] else words[1:]
    return f'"set local {rest[0]} …"' if rest else '"set local …"'


def _copy(words: Words) -> Refusal | None:
    if words[0] != "copy":
        return None
    if "stdin" in words:
        return Refusal(
            '"copy … from stdin" has its data in the script',
            'Write the rows as "insert into … values …"; pg_dump does so with --rows-per-insert=1000.',
        )
    if "stdout" in words:
        return Refusal('"copy … to stdout" sends rows that nobody reads', "Take it out, or write a select.")
    return None


def _beyond(words: Words) -> Refusal | None:
    what = next(filter(None, (rule(words) for rule in _BEYOND)), None)
    if what is None:
        return None
    name, hint = what
    return Refusal(f'"{name}" cannot run in a transaction and is no step of a script', hint)


def _whole_database(words: Words) -> tuple[str, str] | None:
    head = words[0]
    kind, _ = kind_at(words, 1)
    if head in ("create", "drop") and kind in ("database", "tablespace", "subscription"):
        return _of_kind(words, kind)
    if head == "alter" and kind == "system":
        return "alter system", _BY_HAND
    if head == "alter" and kind == "database" and "tablespace" in words:
        return "alter database … set tablespace", _BY_HAND
    if head == "reindex" and after_options(words)[:1] == ["system"]:
        return "reindex system", _BY_HAND
    return None


def _of_kind(words: Words, kind: str) -> tuple[str, str] | None:
    if kind != "subscription":
        return f"{words[0]} {kind}", _BY_HAND
    if words[0] == "create" and not _has_option(words, "create_slot") and not _has_option(words, "connect"):
        return "create subscription", 'Write "with (create_slot = false)" and create the slot on the publisher.'
    return None


def _has_option(words: Words, name: str) -> bool:
    """`name = false` among the options."""
    return any(
        word == name and list(words[index + 1 : index + 3]) in (["=", "false"], ["=", "off"], ["=", "'false'"])
        for index, word in enumerate(words)
    )


def _maintenance(words: Words) -> tuple[str, str] | None:
    if words[0] == "cluster" and not _after_verbose(words):
        return "cluster", "Name the table to cluster."
    return None


def _after_verbose(words: Words) -> list[str]:
    """The words behind the verb, its options and a `verbose` that stands without parentheses."""
    rest = after_options(words)
    return rest[1:] if rest[:1] == ["verbose"] else rest


RULES: tuple[Callable[[Words], Refusal | None], ...] = (
    _transaction_control,
    _session_state,
    _copy,
    _beyond,
)
_BEYOND: tuple[Callable[[Words], tuple[str, str] | None], ...] = (
    _whole_database,
    _maintenance,
)
_TRANSACTION = frozenset({"begin", "commit", "rollback", "savepoint", "release", "abort", "end"})
_BY_HAND = "Run it by hand, outside of nexiom."
_META_HINTS = {
    "\\i": "Put the text of that file here, or a macro in macros/ and its call here.",
    "\\ir": "Put the text of that file here, or a macro in macros/ and its call here.",
    "\\set": "Put the value under vars: in nexiom.yml and write {{ var('…') }}.",
    "\\copy": 'Write the rows as "insert into … values …".',
    "\\connect": "A script runs on the target it is applied to; take it out.",
    "\\c": "A script runs on the target it is applied to; take it out.",
    "\\.": 'It ends the data of "copy … from stdin"; write the rows as "insert into … values …".',
}
_WHOLE_SECRET = re.compile(f"'{SECRET.pattern}'")
_OF_PG_DUMP = frozenset({"\\restrict", "\\unrestrict"})
_COPY_DATA = re.compile(r"^copy\b[^;\n]*\bfrom\s+stdin\b[^;]*;[^\n]*\n(.*?)^\\\.[ \t]*$", re.I | re.M | re.S)
