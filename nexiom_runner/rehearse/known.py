"""Locks of statements that no transaction can hold: gone when they can be looked at, so from the documentation.

https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES, and the page of each statement.
"""

from collections.abc import Iterator, Sequence

from nexiom_runner.catalog.names import quoted
from nexiom_runner.rehearse.model import Lock, Touched
from nexiom_runner.rehearse.trace import Tracer
from nexiom_runner.sql.segments import Lone, LoneTarget, lone_target, reindexed

GENTLE, ALONE, NO_WRITES = "SHARE UPDATE EXCLUSIVE", "ACCESS EXCLUSIVE", "SHARE"


def documented_locks(kind: Lone, words: Sequence[str], tracer: Tracer) -> tuple[Lock, ...]:
    """What the statement will hold, asked before it runs: its index or partition may be gone afterwards."""
    return tuple(Lock(mode, on, measured=False) for mode, on in _locks(kind, list(words), tracer))


def _locks(kind: Lone, words: list[str], tracer: Tracer) -> Iterator[tuple[str, Touched]]:
    target = lone_target(kind, words)
    match kind:
        case Lone.CREATE_INDEX:
            yield GENTLE, _relation(target.table_schema, target.table, tracer)
        case Lone.DROP_INDEX:
            index = _relation(target.schema, target.name, tracer, "index")
            yield GENTLE, tracer.table_of(index.name) or index
        case Lone.DETACH:
            yield GENTLE, _relation(target.table_schema, target.table, tracer)
            yield ALONE, _relation(target.schema, target.name, tracer)
        case Lone.REINDEX:
            yield from _of_reindex(target, words, tracer)
        case Lone.VACUUM:
            yield from _of_vacuum(words, tracer)


def _of_reindex(target: LoneTarget, words: list[str], tracer: Tracer) -> Iterator[tuple[str, Touched]]:
    gently = "concurrently" in words
    what = reindexed(words)
    if target.name is None:
        yield (GENTLE if gently else NO_WRITES), Touched("table", f"each table of the {what}")
        return
    named = _relation(target.schema, target.name, tracer, what)
    yield (GENTLE if gently else NO_WRITES), (tracer.table_of(named.name) or named) if what == "index" else named


def _of_vacuum(words: list[str], tracer: Tracer) -> Iterator[tuple[str, Touched]]:
    mode = ALONE if "full" in words else GENTLE
    named = [item for item in tracer.tables() if item.name.rpartition(".")[2].strip('"') in words]
    for table in named or [Touched("table", "each table of the database")]:
        yield mode, table


def _relation(schema: str | None, name: str | None, tracer: Tracer, kind: str = "table") -> Touched:
    found = tracer.find(schema, name or "")
    return found or Touched(kind, f"{quoted(schema or 'public')}.{quoted(name or '?')}")
