"""Grants that a drop took away and that nobody gave again."""

from bisect import bisect_left
from collections.abc import Iterator

from nexiom_runner.lint.moves import names_dropped
from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Read, Texts

Name = tuple[str, str]
_DROPS = {
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "procedure",
    "OBJECT_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
}


def find(texts: Texts) -> Iterator[Found]:
    """A drop, and a create of the same name behind it, of what had grants or revokes before and has none after."""
    for number, read in enumerate(texts.reads):
        kind = _DROPS.get(read.node.get("removeType", "")) if read.tag == "DropStmt" else None
        for name in sorted(set(names_dropped(read.node))) if kind else ():
            granted, created = texts.granted.get(name, []), texts.created.get(name, [])
            before = granted[: bisect_left(granted, number)]
            behind = created[bisect_left(created, number) :]
            if before and behind and granted[-1] < behind[0]:
                yield _found(texts.reads[behind[0]], kind or "", name, texts.reads[before[-1]])


def _found(read: Read, kind: str, name: Name, before: Read) -> Found:
    place = before.script.rendered.place(before.statement.head)
    opened = ": EXECUTE is everybody's again" if kind in ("function", "procedure") else ""
    message = f"is dropped and made again, and what {place.path}:{place.line} granted or revoked is gone{opened}"
    return read.found("grants-lost", kind, name, message, "grant and revoke again behind it")
