"""What is in a database, by catalog row, and what one statement made of it: created, changed, dropped, rewritten."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Key = tuple[str, int, int]  # catalog, oid, number of a column
FIRST_OWN = 16_384  # oids below are PostgreSQL's own
RELATION, COLUMN, ROLE, EXTENSION = "pg_class", "pg_attribute", "pg_authid", "pg_extension"
TABLES = frozenset("rpmf")
INDEXES = frozenset("iI")


@dataclass(frozen=True, slots=True)
class Item:
    """One catalog row. `stands` is "itself", "parent" (a change of it is one of its parent) or "nothing"."""

    key: Key
    version: str
    parent: Key | None
    stands: str
    kind: str
    identity: str
    label: str  # of a relation its kind, of a column its name, of a default or a not-null the column's number
    file: int
    member: bool  # of an extension

    @property
    def own(self) -> bool:
        """Made by somebody, not by initdb."""
        return self.key[1] >= FIRST_OWN

    @property
    def is_table(self) -> bool:
        """A relation that may hold rows."""
        return self.key[0] == RELATION and self.label in TABLES

    @property
    def is_index(self) -> bool:
        """An index."""
        return self.key[0] == RELATION and self.label in INDEXES


Catalog = dict[Key, Item]


@dataclass(frozen=True, slots=True)
class Seen:
    """Rows of objects.sql: all of them where `whole`, else those that the transaction wrote, and every role."""

    items: tuple[Item, ...]
    gone: frozenset[Key] = frozenset()  # columns marked as dropped
    whole: bool = False


@dataclass(slots=True)
class Change:
    """What became of the catalog between two looks, each thing once."""

    created: list[Item] = field(default_factory=list)
    changed: list[tuple[Item, Item]] = field(default_factory=list)  # before, after
    dropped: list[Item] = field(default_factory=list)
    stirred: set[Key] = field(default_factory=set)  # a row that stands for these was touched


def read_rows(rows: Iterable[tuple[str | None, ...]], *, whole: bool) -> Seen:
    """The rows as the server sends them, as text."""
    items, gone = [], set()
    for catalog, oid, sub, version, above, parent, stands, kind, identity, label, file, member, is_gone in rows:
        key = (str(catalog), int(oid or 0), int(sub or 0))
        if is_gone == "t":
            gone.add(key)
            continue
        over = (str(above), int(parent), 0) if parent is not None else None
        words = (str(stands), str(kind), str(identity), str(label))
        items.append(Item(key, str(version), over, *words, int(file or 0), member == "t"))
    return Seen(tuple(items), frozenset(gone), whole)


def find_change(before: Catalog, seen: Seen) -> Change:
    """What differs."""
    change = Change()
    for item in seen.items:
        known = before.get(item.key)
        if known is not None and known.version == item.version:
            continue
        if item.stands == "parent" and item.parent is not None:
            change.stirred.add(item.parent)
        elif known is None and item.own:
            change.created.append(item)
        else:
            change.changed.append((known or item, item))
    for key in _gone(before, seen):
        item = before[key]
        if item.stands == "parent" and item.parent is not None:
            change.stirred.add(item.parent)
        else:
            change.dropped.append(item)
    return change


def put(before: Catalog, seen: Seen) -> Catalog:
    """The catalog as it is now."""
    gone = set(_gone(before, seen))
    kept = {key: item for key, item in before.items() if key not in gone} if gone else dict(before)
    kept.update((item.key, item) for item in seen.items)
    return kept


def name_of(item: Item, catalog: Mapping[Key, Item]) -> str:
    """`table public.messages`, `column public.messages.due_at`."""
    if item.key[0] != COLUMN:
        return f"{item.kind} {item.identity}"
    table = catalog.get((RELATION, item.key[1], 0))
    return f"column {table.identity if table else '?'}.{item.label}"


@dataclass(frozen=True, slots=True)
class Told:
    """The change in names, each object once, parts of what is new or gone left out."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]


def tell(change: Change, before: Catalog, after: Catalog) -> Told:
    """What a person calls created, changed and dropped."""
    created = {item.key: item for item in change.created if item.stands == "itself"}
    dropped = {item.key: item for item in change.dropped if item.stands == "itself"}
    made = _names(_outermost(created), after)
    lost = _names(_outermost(dropped), before)
    again = [item for name, item in made.items() if name in lost]
    # A default or a not-null made anew is its column changed; an index made anew is told as built, or not at all.
    plain = {item.key for item in again if _column_of(item) is not None or item.is_index}
    touched = (*change.created, *change.dropped, *(new for _, new in change.changed))
    parts = {above for item in touched if item.key not in plain for above in (item.parent, _column_of(item))}
    names = {name for name, item in made.items() if item.key in plain}
    parts -= {_column_of(item) for name, item in lost.items() if name in names}
    changed = dict.fromkeys(_changed(change, before, after, frozenset(parts - {None})))  # type: ignore[arg-type]
    changed.update((name_of(item, after), None) for item in again if item.key not in plain)
    return Told(
        tuple(sorted(made.keys() - lost.keys())),
        tuple(sorted(changed)),
        tuple(sorted(lost.keys() - made.keys())),
    )


def _gone(before: Catalog, seen: Seen) -> Iterator[Key]:
    there = {item.key for item in seen.items}
    yield from (key for key in seen.gone if key in before)
    for key, item in before.items():
        if (seen.whole or key[0] == ROLE) and item.own and key not in there and key not in seen.gone:
            yield key


def _outermost(items: Mapping[Key, Item]) -> list[Item]:
    """Without the parts of others among them: columns of a table, what an extension brings along."""
    extension = any(key[0] == EXTENSION for key in items)
    return [
        item
        for item in items.values()
        if not (item.parent in items or (item.member and extension) or _column_of(item) in items)
    ]


def _column_of(item: Item) -> Key | None:
    """The column that a default or a not-null constraint belongs to."""
    if item.parent is None or not item.label.isdigit():
        return None
    return (COLUMN, item.parent[1], int(item.label))


def _names(items: Iterable[Item], catalog: Catalog) -> dict[str, Item]:
    return {name_of(item, catalog): item for item in items}


def _changed(change: Change, before: Catalog, after: Catalog, parts: Collection[Key]) -> Iterator[str]:
    """A relation of which a part is told already is not told itself, nor is one that has a new file."""
    fresh = {item.key for item in change.created}
    for old, new in change.changed:
        if new.stands != "itself" or new.key in parts or (old.file != new.file and new.key in before):
            continue
        renamed = old.identity != new.identity or (new.key[0] == COLUMN and old.label != new.label)
        yield f"{name_of(new, after)} (was {_short(old, before)})" if renamed else name_of(new, after)
    for key in change.stirred:
        known = key in after and key in before and key not in fresh and key not in parts
        if known and before[key].file == after[key].file:
            yield name_of(after[key], after)


def _short(item: Item, catalog: Catalog) -> str:
    return name_of(item, catalog).partition(" ")[2]
