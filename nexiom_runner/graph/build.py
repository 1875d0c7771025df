"""Scripts in the order they run: apply.sql by phase, each repeatable between what it uses and what uses it, a
backfill.sql behind all of its phase."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from nexiom_runner.errors import Fault, GraphError
from nexiom_runner.graph.conflicts import goes_round, needs_later_phase, squeezed
from nexiom_runner.graph.inference import (
    Slot,
    Use,
    find_uses,
    index_makers,
    make_slots,
    order_repeatables,
    pull,
    raise_floors,
)
from nexiom_runner.graph.mentions import locate
from nexiom_runner.graph.model import Edge, Graph
from nexiom_runner.graph.phases import order_phases
from nexiom_runner.graph.twice import created_twice
from nexiom_runner.project.outline import Project
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script

Rank = Mapping[str, int]
Uses = Mapping[str, Sequence[Use]]


def build_graph(project: Project, scripts: Sequence[Script]) -> Graph:
    """The order of execution, the same for the same input.

    Raises GraphError with every fault: unknown or circular needs, a need on a later phase, a
    repeatable that must run after one script and before an earlier one, repeatables that go round
    or that create the same object.
    Linear in scripts and in the pairs of scripts that share a name.
    """
    phases, needs = order_phases(project)
    rank = {name: index for index, name in enumerate(phases)}
    ordered = sorted(scripts, key=lambda script: (rank[script.phase], script.kind != "apply", script.key))
    makers = index_makers(ordered)
    uses = {script.key: find_uses(script, makers) for script in ordered}
    slots = _slots(ordered, uses, rank)
    fixed = [script for script in ordered if script.kind != "repeatable"]
    faults = [fault for script in fixed for fault in _check(script, uses[script.key], slots, rank, project)]
    faults += created_twice(makers)
    if faults:
        raise GraphError(*faults)
    edges = tuple(_edges(ordered, uses, rank))
    renamed = {phase.name: phase.renamed_from.value for phase in project.phases if phase.renamed_from}
    accepting = frozenset(phase.name for phase in project.phases if phase.existing is not None)
    destructive = {phase.name: phase.destructive.value for phase in project.phases if phase.destructive}
    order = tuple(_schedule(ordered, slots, rank))
    paces = {phase.name: phase.pace for phase in project.phases if phase.backfill is not None}
    return Graph(order, phases, needs, edges, renamed, accepting, destructive, paces)


def _slots(scripts: Sequence[Script], uses: Uses, rank: Rank) -> dict[str, Slot]:
    """Where each repeatable may stand, prerequisites before what waits for them."""
    repeatables = [script for script in scripts if script.kind == "repeatable"]
    slots = make_slots(repeatables, [use for script in repeatables for use in uses[script.key]], rank)
    ordered = order_repeatables(repeatables, slots, rank)
    if len(ordered) < len(repeatables):
        done = {script.key for script in ordered}
        rest = [use for key, slot in slots.items() if key not in done for use in slot.prerequisites]
        raise GraphError(goes_round([use for use in rest if use.maker.key not in done]))
    raise_floors(ordered, slots)
    return {script.key: slots[script.key] for script in ordered}


def _check(
    script: Script, uses: Sequence[Use], slots: Mapping[str, Slot], rank: Rank, project: Project
) -> Iterator[Fault]:
    """Pull what this apply.sql or backfill.sql uses before it; the faults where that cannot be."""
    last = _last_before(script, rank)
    for _, group in groupby(sorted(uses, key=_object), _object):
        found = list(group)
        makers, name = [use.maker for use in found], found[0].name
        if any(maker.kind == "apply" and rank[maker.phase] <= last for maker in makers):
            continue
        late = [maker for maker in makers if maker.kind == "apply" or slots[maker.key].due > last]
        if len(late) < len(makers) or not _binds(script, name):
            continue
        repeatables = [maker for maker in late if maker.kind == "repeatable"]
        for maker in repeatables:
            if slots[maker.key].floor <= last:
                pull(maker, last, slots)
            else:
                yield squeezed(script, maker, name, slots[maker.key])
        if not repeatables:
            yield needs_later_phase(script, late[0], name, project)


def _last_before(script: Script, rank: Rank) -> int:
    """The rank of the last phase whose apply.sql, and what follows it, run before the script: a backfill's own."""
    return rank[script.phase] - (script.kind != "backfill")


def _object(use: Use) -> tuple[str, str, str, str]:
    name = use.name
    return name.name, name.kind, name.schema or "public", name.table or ""


def _binds(script: Script, name: Name) -> bool:
    return script.bound.holds(name) and locate(script, name) is not None


def _schedule(scripts: Sequence[Script], slots: Mapping[str, Slot], rank: Rank) -> Iterator[Script]:
    by_key = {script.key: script for script in scripts}
    after: dict[int, list[Script]] = {}
    for key, slot in slots.items():
        after.setdefault(slot.due, []).append(by_key[key])
    applies, backfills = (
        {rank[script.phase]: script for script in scripts if script.kind == kind} for kind in ("apply", "backfill")
    )
    for position in range(-1, len(rank)):
        if position in applies:
            yield applies[position]
        yield from after.get(position, ())
        if position in backfills:
            yield backfills[position]


def _edges(scripts: Sequence[Script], uses: Uses, rank: Rank) -> Iterator[Edge]:
    """One edge a pair of scripts, of what is used from an earlier apply.sql or a repeatable."""
    for script in scripts:
        pairs: dict[str, list[Use]] = {}
        for use in uses[script.key]:
            if "repeatable" in (script.kind, use.maker.kind) or rank[use.maker.phase] <= _last_before(script, rank):
                pairs.setdefault(use.maker.key, []).append(use)
        for maker, found in pairs.items():
            yield Edge(maker, script.key, f"mentions {_told(found)}", orders=any(use.orders for use in found))


def _told(uses: Sequence[Use]) -> str:
    """The objects; what belongs to a table only where the table itself is not among them."""
    objects = {use.name.name for use in uses if use.name.table is None}
    return ", ".join(dict.fromkeys(str(use.name) for use in uses if use.name.table not in objects))
