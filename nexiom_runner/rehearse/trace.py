"""Measuring: what a transaction holds, wrote and read, looked at between its statements and leaving nothing behind."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nexiom_runner.catalog.names import quoted
from nexiom_runner.database.queries import Literal, load
from nexiom_runner.database.session import ResultSet, Session
from nexiom_runner.rehearse.model import MODES, Effects, Lock, Touched
from nexiom_runner.rehearse.objects import (
    RELATION,
    Catalog,
    Change,
    Item,
    Key,
    find_change,
    put,
    read_rows,
    tell,
)
from nexiom_runner.rehearse.target import Size

# What the planner chooses on the empty tables of a copy is not what it would choose; what DDL reads it has to read.
_READS_ALL = ("ALTER ", "CREATE ")
_STRONG = MODES.index("SHARE UPDATE EXCLUSIVE")
_TRUNCATE = "TRUNCATE TABLE"
Held = dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class _Look:
    rows: ResultSet
    locks: ResultSet
    scans: Mapping[int, int]
    deletes: int
    counted: bool  # the server counts what is deleted


@dataclass(slots=True)
class Tracer:
    """What is known of the database, and of the transaction under way, at the last look."""

    sizes: Mapping[str, Size]
    catalog: Catalog = field(default_factory=dict)
    settled: Catalog = field(default_factory=dict)  # as it was when the transaction began
    held: Held = field(default_factory=dict)
    scans: Mapping[int, int] = field(default_factory=dict)
    deletes: int = 0
    gone: frozenset[Key] = frozenset()

    def read(self, session: Session) -> None:
        """Learn what is in the database; outside of a transaction, or in one that wrote nothing."""
        self.catalog = put({}, read_rows(_all_rows(session), whole=True))

    def begin(self, session: Session) -> None:
        """A transaction has begun, or what comes next is to be told apart from what came before."""
        self.settled = self.catalog
        self.skip(session)

    def skip(self, session: Session) -> None:
        """A statement was taken back: what it read and deleted is counted nevertheless, and nobody else's."""
        look = _look(session)
        self.held, self.scans, self.deletes = _held(look.locks), look.scans, look.deletes
        self.gone = _gone(look.locks)

    def look(self, session: Session, tag: str) -> Effects:
        """What the statement with this command tag did in the transaction under way.

        What is dropped is locked by who drops it (AcquireDeletionLock in dependency.c), so that what is locked and no
        longer there is known without reading everything. That is done only where the catalog lost rows otherwise.
        """
        look = _look(session)
        gone = _gone(look.locks)
        seen = read_rows(look.rows.rows, whole=False)
        seen = replace(seen, gone=seen.gone | gone)
        if not look.counted or (look.deletes > self.deletes and gone <= self.gone):
            seen = read_rows(_all_rows(session), whole=True)
        change, after = find_change(self.catalog, seen), put(self.catalog, seen)
        world = _World(self.settled, self.sizes)
        effects = _effects(change, self.catalog, after, world, tag)
        held, advisory = _held(look.locks), {int(row[2] or 0): str(row[4]) for row in look.locks.rows if not row[1]}
        new = _new_locks(held, self.held, advisory, world)
        locks = tuple(sorted(new, key=lambda lock: (-lock.strength, lock.on.name)))
        scanned = _sorted(_scanned(look.scans, self.scans, world)) if tag.startswith(_READS_ALL) else ()
        self.catalog, self.held, self.scans, self.deletes = after, held, look.scans, look.deletes
        self.gone = gone
        under = tuple(_under((*effects.rewritten, *scanned), held, self.settled))
        return replace(effects, locks=locks, scanned=scanned, under=under)

    def compare(self, session: Session) -> Effects:
        """The same of a statement outside of any transaction, as far as the catalog shows it afterwards."""
        seen = read_rows(_all_rows(session), whole=True)
        change, after = find_change(self.catalog, seen), put(self.catalog, seen)
        effects = _effects(change, self.catalog, after, _World(self.catalog, self.sizes), "")
        self.catalog = after
        return effects

    def find(self, schema: str | None, name: str) -> Touched | None:
        """A relation by its name, in public where no schema is said."""
        wanted = f"{quoted(schema or 'public')}.{quoted(name)}"
        found = (item for item in self.catalog.values() if item.key[0] == RELATION and item.identity == wanted)
        return next((_touched(item, self.sizes) for item in found), None)

    def tables(self) -> Iterator[Touched]:
        """Every table."""
        return (_touched(item, self.sizes) for item in self.catalog.values() if item.is_table)

    def table_of(self, index: str) -> Touched | None:
        """The table of an index, which is named as PostgreSQL identifies it."""
        for item in self.catalog.values():
            if item.is_index and item.identity == index and item.parent in self.catalog:
                return _touched(self.catalog[item.parent], self.sizes)
        return None


def _under(worked: Iterable[Touched], held: Held, settled: Catalog) -> Iterator[Lock]:
    by_name = {item.identity: key[:2] for key, item in settled.items() if item.is_table}
    for touched in dict.fromkeys(worked):
        strength = held.get(by_name.get(touched.name, ("", 0)), -1)
        if strength >= 0:
            yield Lock(MODES[strength], touched)


def _scanned(scans: Mapping[int, int], before: Mapping[int, int], world: "_World") -> Iterator[Touched]:
    for oid, times in scans.items():
        item = world.settled.get((RELATION, oid, 0))
        if item is not None and times > before.get(oid, 0):
            yield _touched(item, world.sizes)


@dataclass(frozen=True, slots=True)
class _World:
    """What was there when the transaction began: all else is nobody's but its own."""

    settled: Catalog
    sizes: Mapping[str, Size]


def _new_locks(now: Held, held: Held, advisory: Mapping[int, str], world: _World) -> Iterator[Lock]:
    """Each lock that is stronger than what was held on the same thing; on an index only what its table has not."""
    for key, strength in now.items():
        if strength <= held.get(key, -1):
            continue
        if not key[0]:
            yield Lock(MODES[strength], Touched("advisory lock", advisory[key[1]]))
        elif (touched := _locked(key, strength, now, world)) is not None:
            yield Lock(MODES[strength], touched)


def _locked(key: tuple[str, int], strength: int, now: Held, world: _World) -> Touched | None:
    item = world.settled.get((*key, 0))
    if item is None:
        return None
    if item.parent is not None and (key[0] != RELATION or now.get(item.parent[:2], -1) >= strength):
        return None
    return _touched(item, world.sizes) if key[0] == RELATION or strength >= _STRONG else None


def _effects(change: Change, before: Catalog, after: Catalog, world: _World, tag: str) -> Effects:
    told = tell(change, before, after)
    files = [new for old, new in change.changed if old.file != new.file]
    tables = _sorted(_touched(item, world.sizes) for item in files if item.is_table and item.key in world.settled)
    emptied = tag == _TRUNCATE
    return Effects(
        rewritten=() if emptied else tables,
        emptied=tables if emptied else (),
        built=() if emptied else _sorted(_built(change, files, before, world)),
        created=told.created,
        changed=told.changed,
        dropped=told.dropped,
    )


def _sorted(things: Iterable[Touched]) -> tuple[Touched, ...]:
    return tuple(sorted(things, key=lambda thing: thing.name))


def _built(change: Change, files: Iterable[Item], before: Catalog, world: _World) -> Iterator[Touched]:
    """Indexes with a new file, on tables that were there; one that took over the file of another is as it was."""
    kept = {item.file for item in before.values() if item.is_index}
    new = (item for item in change.created if item.is_index and item.file not in kept)
    for item in (*(one for one in files if one.is_index), *new):
        table = world.settled.get(item.parent) if item.parent is not None else None
        if table is not None:
            yield Touched("index", item.identity, world.sizes.get(table.identity))


def _touched(item: Item, sizes: Mapping[str, Size]) -> Touched:
    return Touched(item.kind, item.identity, sizes.get(item.identity))


def _held(locks: ResultSet) -> Held:
    """The strongest lock on each thing; an advisory one has no catalog."""
    held: Held = {}
    for _, catalog, oid, _, _, mode, _ in locks.rows:
        key = (str(catalog), int(oid or 0))
        held[key] = max(held.get(key, -1), _strength(str(mode)))
    return held


def _gone(locks: ResultSet) -> frozenset[Key]:
    """What is locked and not there any more."""
    return frozenset((str(row[1]), int(row[2] or 0), 0) for row in locks.rows if row[6] == "f")


def _strength(mode: str) -> int:
    """AccessExclusiveLock as the documentation writes it, and which of the modes that is."""
    return MODES.index(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", mode.removesuffix("Lock")).upper())


def _look(session: Session) -> _Look:
    """One round trip; the savepoint takes back the locks and the path of the look itself."""
    queries = [
        session.written(load(__file__, "objects.sql").compose(everything=Literal(0))),
        *(session.written(load(__file__, name)) for name in ("locks.sql", "scans.sql", "deletes.sql")),
    ]
    sent = session.send(f"{_BEFORE};{';'.join(queries)};{_BEHIND}")
    objects, locks, scans, deletes = sent[2:6]
    times = {int(oid or 0): int(count or 0) for oid, count in scans.rows}
    return _Look(objects, locks, times, int(deletes.rows[0][0] or 0), deletes.rows[0][1] == "on")


def _all_rows(session: Session) -> Sequence[tuple[str | None, ...]]:
    """Every object, whether a transaction is open or not."""
    query = session.written(load(__file__, "objects.sql").compose(everything=Literal(1)))
    if session.in_transaction:
        return session.send(f"{_BEFORE};{query};{_BEHIND}")[2].rows
    return session.send(f"begin read only;set local search_path = pg_catalog;{query};rollback")[2].rows


_BEFORE = "savepoint nexiom_look;set local search_path = pg_catalog"
_BEHIND = "rollback to nexiom_look;release nexiom_look"
