"""What each script waits for: who creates what it mentions, by an index over names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script

Makers = Mapping[str, Sequence[tuple[Name, Script]]]


@dataclass(frozen=True, slots=True)
class Use:
    """`script` mentions `name`, which `maker` creates. What does not order only tells lineage."""

    script: Script
    maker: Script
    name: Name
    orders: bool


@dataclass(slots=True)
class Slot:
    """Where a repeatable may stand: after the apply.sql of rank `floor` (-1: anywhere), best after rank `due`."""

    floor: int
    due: int
    because: Use | None = None  # what set the floor
    prerequisites: list[Use] = field(default_factory=list)


def index_makers(scripts: Iterable[Script]) -> Makers:
    """Word → the objects it may mean and the scripts that create them, in the order given.

    What belongs to a table is found by the table's name: every table has an "id".
    """
    makers: dict[str, list[tuple[Name, Script]]] = {}
    for script in scripts:
        for name in sorted(script.creates, key=_plain):
            makers.setdefault(name.table or name.name, []).append((name, script))
    return makers


def find_uses(script: Script, makers: Makers) -> list[Use]:
    """Each creation by another script of an object this one mentions, by name; what it creates itself makes none."""
    own = {_plain(name) for name in script.creates}
    return [
        Use(script, maker, name, _orders(script, maker, name))
        for word in sorted(script.mentions.words & makers.keys())
        for name, maker in makers[word]
        if maker is not script and script.mentions.holds(name) and _plain(name) not in own
    ]


def _plain(name: Name) -> tuple[str, str, str, str]:
    return name.table or "", name.name, name.kind, name.schema or "public"


def _orders(script: Script, maker: Script, name: Name) -> bool:
    """Between repeatables only what binds at creation does."""
    return "apply" in (script.kind, maker.kind) or script.bound.holds(name)


def make_slots(repeatables: Sequence[Script], uses: Iterable[Use], rank: Mapping[str, int]) -> dict[str, Slot]:
    """Slot by key of each repeatable from its own uses alone."""
    slots = {script.key: Slot(-1, rank[script.phase]) for script in repeatables}
    for use in uses:
        slot = slots.get(use.script.key)
        if slot is None or not use.orders:
            continue
        if use.maker.kind == "repeatable":
            slot.prerequisites.append(use)
        elif rank[use.maker.phase] > slot.floor:
            slot.floor, slot.because = rank[use.maker.phase], use
    return slots


def order_repeatables(
    repeatables: Sequence[Script], slots: Mapping[str, Slot], rank: Mapping[str, int]
) -> list[Script]:
    """As many as can be ordered by their prerequisites, else by phase and file; fewer than given when they go round."""
    keys = sorted(range(len(repeatables)), key=lambda index: (rank[repeatables[index].phase], repeatables[index].key))
    place = {repeatables[index].key: position for position, index in enumerate(keys)}
    waiting = dict.fromkeys(place, 0)
    followers: dict[str, list[str]] = {key: [] for key in place}
    for key in place:
        for maker in {use.maker.key for use in slots[key].prerequisites}:
            waiting[key] += 1
            followers[maker].append(key)
    ready = [position for key, position in place.items() if not waiting[key]]
    heapify(ready)
    ordered: list[Script] = []
    while ready:
        ordered.append(repeatables[keys[heappop(ready)]])
        for key in followers[ordered[-1].key]:
            waiting[key] -= 1
            if not waiting[key]:
                heappush(ready, place[key])
    return ordered


def raise_floors(ordered: Sequence[Script], slots: Mapping[str, Slot]) -> None:
    """Each repeatable stands no earlier than what it waits for. `ordered` has prerequisites first."""
    for script in ordered:
        slot = slots[script.key]
        for use in slot.prerequisites:
            before = slots[use.maker.key]
            slot.due = max(slot.due, before.due)
            if before.floor > slot.floor:
                slot.floor, slot.because = before.floor, before.because
        slot.due = max(slot.due, slot.floor)


def pull(script: Script, latest: int, slots: Mapping[str, Slot]) -> None:
    """Let the repeatable, and what it waits for, run no later than after rank `latest`."""
    waiting = [script.key]
    while waiting:
        slot = slots[waiting.pop()]
        if slot.due > latest:
            slot.due = latest
            waiting.extend(use.maker.key for use in slot.prerequisites)
