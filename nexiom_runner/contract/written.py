"""Constraints, triggers, policies and generated columns as phase.yml states them, out of the server's own words."""

import re
from collections.abc import Sequence

from nexiom_runner.catalog.model import PUBLIC, Column, Row
from nexiom_runner.catalog.names import quoted, told, told_collation
from nexiom_runner.project.grammar import parse_name
from nexiom_runner.sql.lexer import Kind, is_blank, kind_of, lexemes

_LITERAL = re.compile(r"('(?:[^']|'')*')::(.+)", re.DOTALL)
_QUERY = ("select", "with", "values", "table")
_IN = re.compile(
    r"(?<![\w.\")])([a-z_][a-z0-9_]*) = any \(array\[((?:'(?:[^']|'')*'::text)(?:, '(?:[^']|'')*'::text)*)\]\)"
)
_FIRES = {"disabled": " disabled", "always": " enabled always", "replica": " enabled replica"}


def written_sql(text: str) -> str:
    """The server's SQL on one line: keywords in lower case, `public.` left out, brackets once, `in` for an array."""
    pieces = _once_bracketed([_written(piece) for piece in lexemes(text)])
    return _IN.sub(_listed, told("".join(pieces).strip()))


def constraint_text(row: Row) -> str:
    """`foreign key (channel_id) references channels(id) on delete cascade`."""
    return written_sql(row["definition"])


def trigger_text(row: Row) -> str:
    """`before update for each row execute function touch()`, and how it fires where that is not as usual."""
    pieces = lexemes(row["definition"])
    start = _behind(pieces, 0, "trigger")
    constraint = "constraint " if any(piece.lower() == "constraint" for piece in pieces[:start]) else ""
    start = _skip(pieces, start) + 1  # its name
    on = _behind(pieces, start, "on")
    end = _skip(pieces, on) + 1
    while pieces[end : end + 1] == ["."]:
        end += 2
    body = "".join(pieces[start : on - 1]).strip() + " " + "".join(pieces[end:]).strip()
    return constraint + written_sql(body) + _FIRES.get(row["enabled"], "")


def policy_text(row: Row) -> str:
    """`for select to authenticated using (true)`."""
    roles = sorted(row["roles"])
    parts = [
        "" if row["permissive"] else "as restrictive",
        f"for {row['command']}",
        "" if roles == [PUBLIC] else "to " + ", ".join("public" if role == PUBLIC else quoted(role) for role in roles),
        f"using {_in_brackets(row['using'])}" if row["using"] else "",
        f"with check {_in_brackets(row['check'])}" if row["check"] else "",
    ]
    return " ".join(part for part in parts if part)


def generated_text(column: Column) -> str | None:
    """`generated always as (a + b) stored`; None of a column that is not."""
    if column.identity:
        return f"generated {column.identity} as identity"
    if column.generated:
        return f"generated always as {_in_brackets(column.default or '')} {column.generated}"
    return None


def collation_text(collation: str | None) -> str | None:
    """`collate "C"`."""
    return None if collation is None else f"collate {told_collation(parse_name(collation))}"


def default_text(text: str, kind: str) -> str:
    """The literal alone where its cast is to the type it has anyway."""
    literal = _LITERAL.fullmatch(text)
    return literal[1] if literal and literal[2] in (kind, kind.split("(")[0]) else told(text)


def _listed(found: re.Match[str]) -> str:
    """`status in ('a', 'b')`, as people write it."""
    return f"{found[1]} in ({found[2].replace('::text', '')})"


def _once_bracketed(pieces: Sequence[str]) -> list[str]:
    """Without brackets that stand directly within others; a query keeps its own, which may make it another thing."""
    opened: list[int] = []
    gone: set[int] = set()
    pairs: dict[int, int] = {}
    for at, piece in enumerate(pieces):
        if piece == "(":
            opened.append(at)
        elif piece == ")" and opened:
            pairs[opened.pop()] = at
    for start, end in pairs.items():
        if pairs.get(start - 1) == end + 1 and not "".join(pieces[start + 1 : end]).lstrip().startswith(_QUERY):
            gone.update((start, end))
    return [piece for at, piece in enumerate(pieces) if at not in gone]


def _written(piece: str) -> str:
    if is_blank(piece):
        return " "
    return piece.lower() if kind_of(piece) is Kind.WORD and piece.isupper() else piece


def _in_brackets(expression: str) -> str:
    text = written_sql(expression)
    return text if _is_bracketed(text) else f"({text})"


def _is_bracketed(text: str) -> bool:
    """Whether the first bracket closes at the end."""
    depth = 0
    pieces = lexemes(text)
    for at, piece in enumerate(pieces):
        depth += (piece in ("(", "[")) - (piece in (")", "]"))
        if depth == 0:
            return piece == ")" and at == len(pieces) - 1
    return False


def _behind(pieces: Sequence[str], start: int, word: str) -> int:
    """The index behind the next `word`."""
    return next(at for at in range(start, len(pieces)) if pieces[at].lower() == word) + 1


def _skip(pieces: Sequence[str], at: int) -> int:
    while is_blank(pieces[at]):
        at += 1
    return at
