"""What a statement outside of any transaction left behind: done, not done, still at it, or nobody can say."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nexiom_runner.database.queries import Literal, Query, load
from nexiom_runner.database.session import Session
from nexiom_runner.errors import ServerError
from nexiom_runner.sql.lexer import lexemes, significant
from nexiom_runner.sql.segments import Lone, LoneTarget, lone_target
from nexiom_runner.sql.words import folded, name_at, skip

PROBE = "pg_temp.nexiom_probe"


class Found(StrEnum):
    """What a look at the catalog says of a statement that was begun."""

    DONE = "done"
    NOT_DONE = "not done"
    RUNNING = "running"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Probe:
    """The answer; `why` is a sentence for a person, `first` what clears the way for running the statement again.

    `instead` ends what the statement began, in its place.
    """

    found: Found
    why: str = ""
    first: tuple[Query, ...] = ()
    instead: Query | None = None


def probe(session: Session, kind: Lone, text: str, settings: str) -> Probe:
    """Look at what the statement `text` may have done. `settings` pins what its names mean.

    Reads the catalog; to compare an index it defines the same one on an empty temporary table, rolled back.
    """
    running = session.rows(load(__file__, "still_running.sql"), text=text)
    if running:
        return Probe(Found.RUNNING, f"the server still executes it, as process {running[0].pid}")
    return _PROBES[kind](session, about(kind, text), text, settings)


def about(kind: Lone, text: str) -> LoneTarget:
    """What a statement names."""
    words = folded(piece for _, piece in significant(lexemes(text)))
    return lone_target(kind, [word for word in words if word != ";"])


def left_invalid(session: Session, text: str) -> str | None:
    """The name of the index that a concurrent build has just left invalid; None where there is none."""
    words = folded(piece for _, piece in significant(lexemes(text)))
    target = lone_target(Lone.CREATE_INDEX, words)
    there = _built(session, target)
    return None if there is None or there.valid is not False else f"{there.schema}.{there.name}"


def _created(session: Session, target: LoneTarget, text: str, settings: str) -> Probe:
    there = _built(session, target)
    if there is None:
        return Probe(Found.NOT_DONE)
    shown = f"{there.schema}.{there.name}"
    if there.valid is None:
        return Probe(Found.UNKNOWN, f"{shown} is there and is no index")
    table = relation(session, target.table_schema, target.table)
    if table is None or there.of_table != table.oid:
        return Probe(Found.UNKNOWN, f"index {shown} is there, on another table")
    if there.being_built:
        return Probe(Found.RUNNING, f"index {shown} is being built")
    if not there.valid:
        drop = load(__file__, "drop_invalid_index.sql").compose(index=(there.schema, there.name))
        return Probe(Found.NOT_DONE, f"index {shown} was left invalid", (drop,))
    if _same_index(session, (table.schema, table.name), there.oid, text, settings):
        return Probe(Found.DONE, f"index {shown} is there and valid")
    return Probe(Found.UNKNOWN, f"index {shown} is there and valid, and is another than the statement makes")


def _dropped(session: Session, target: LoneTarget, text: str, settings: str) -> Probe:
    there = relation(session, target.schema, target.name)
    if there is None:
        return Probe(Found.DONE, f"index {target.name} is gone")
    if there.valid is None:
        return Probe(Found.UNKNOWN, f"{there.schema}.{there.name} is there and is no index")
    return Probe(Found.NOT_DONE)


def _reindexed(session: Session, target: LoneTarget, text: str, settings: str) -> Probe:
    """A rebuild may run again; what a broken one left behind is dropped first (REINDEX, "Rebuilding Indexes
    Concurrently": https://www.postgresql.org/docs/current/sql-reindex.html)."""
    of = relation(session, target.schema, target.name) if target.name else None
    table = None if of is None else of.of_table or of.oid
    left = session.rows(load(__file__, "invalid_indexes.sql"), table=table) if of or not target.name else []
    drop = load(__file__, "drop_invalid_index.sql")
    return Probe(Found.NOT_DONE, first=tuple(drop.compose(index=(one.schema, one.name)) for one in left))


def _vacuumed(session: Session, target: LoneTarget, text: str, settings: str) -> Probe:
    return Probe(Found.NOT_DONE)


def _detached(session: Session, target: LoneTarget, text: str, settings: str) -> Probe:
    table = relation(session, target.table_schema, target.table)
    partition = relation(session, target.schema, target.name)
    if table is None or partition is None:
        missing = target.table if table is None else target.name
        return Probe(Found.UNKNOWN, f"table {missing} is not there")
    rows = session.rows(load(__file__, "partition.sql"), partition=partition.oid, table=table.oid)
    if not rows:
        return Probe(Found.DONE, f"{partition.schema}.{partition.name} is no partition any more")
    if not rows[0].pending:
        return Probe(Found.NOT_DONE)
    names = {"table": (table.schema, table.name), "partition": (partition.schema, partition.name)}
    return Probe(
        Found.NOT_DONE, "its detaching is pending", instead=load(__file__, "finalize_detach.sql").compose(**names)
    )


def _built(session: Session, target: LoneTarget) -> Any:
    """The relation that has the index's name where the index would lie: in the schema of its table."""
    table = relation(session, target.table_schema, target.table)
    return None if table is None else relation(session, table.schema, target.name)


def relation(session: Session, schema: str | None, name: str | None) -> Any:
    """What is known of a relation, which without a schema is looked for where a script's names are; None: not there."""
    rows = session.rows(load(__file__, "relation.sql"), schema=schema, name=name)
    return rows[0] if rows else None


def _same_index(session: Session, table: tuple[str, str], index: int, text: str, settings: str) -> bool:
    """Measured, not guessed: the server spells the definition of both. One that cannot be made is another."""
    like = session.written(load(__file__, "probe_table.sql").compose(table=table))
    same = session.written(load(__file__, "same_index.sql").compose(index=Literal(index)))
    try:
        sent = session.send(f"begin;{settings};{like};\n{_on_probe_table(text)}\n;{same};rollback")
    except ServerError:
        return False
    return sent[-2].rows == (("t",),)


def _on_probe_table(text: str) -> str:
    """The statement without `concurrently` and its index's name, on the empty table."""
    tokens = [token for token in significant(lexemes(text)) if token[1] != ";"]
    words = folded(piece for _, piece in tokens)
    concurrently = words.index("concurrently")
    on = words.index("on", concurrently)
    table = skip(words, on + 1, frozenset({"only"}))
    _, end = name_at(words, table)
    behind = tokens[end][0] if end < len(tokens) else len(text)
    kept = text[: tokens[-1][0] + len(tokens[-1][1])]
    return f"{text[: tokens[concurrently][0]]}{text[tokens[on][0] : tokens[table][0]]}{PROBE} {kept[behind:]}"


_PROBES = {
    Lone.CREATE_INDEX: _created,
    Lone.DROP_INDEX: _dropped,
    Lone.REINDEX: _reindexed,
    Lone.VACUUM: _vacuumed,
    Lone.DETACH: _detached,
}
