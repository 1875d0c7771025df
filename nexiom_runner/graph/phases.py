"""The order of phases: as people number them, changed only by what `needs` declares."""

from collections.abc import Collection, Mapping, Sequence
from heapq import heapify, heappop, heappush

from nexiom_runner.errors import Fault, GraphError, with_source
from nexiom_runner.graph.model import Edge
from nexiom_runner.project.model import Phase
from nexiom_runner.project.names import nearest
from nexiom_runner.project.outline import Project


def order_phases(project: Project) -> tuple[tuple[str, ...], tuple[Edge, ...]]:
    """Phase names in order, and the declared needs.

    A phase that needs a later one waits for it; what stands between keeps its place. Raises
    GraphError for needs of unknown phases and for needs that go round.
    """
    names = [phase.name for phase in project.phases]
    known = frozenset(names)
    faults = [fault for phase in project.phases for fault in _unknown(phase, known, names)]
    if faults:
        raise GraphError(*faults)
    needs = tuple(
        Edge(need.value, phase.name, f"needs: [{need.value}]", need.place)
        for phase in project.phases
        for need in phase.needs
    )
    ordered = _by_needs(names, needs)
    if len(ordered) < len(names):
        rest = [edge for edge in needs if not {edge.before, edge.after} & set(ordered)]
        raise GraphError(cycle_fault(find_cycle(rest), {p.name: p.settings.text for p in project.phases if p.settings}))
    return tuple(ordered), needs


def find_cycle(edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """The edges of one circle, beginning at its least name; at least one must be there."""
    after: dict[str, list[Edge]] = {}
    for edge in edges:
        after.setdefault(edge.after, []).append(edge)
    start = min(after)
    path: list[Edge] = []
    seen: dict[str, int] = {}
    while start not in seen:
        seen[start] = len(path)
        path.append(min((e for e in after[start] if e.before in after), key=lambda e: e.before))
        start = path[-1].before
    circle = path[seen[start] :]
    first = min(range(len(circle)), key=lambda index: circle[index].after)
    return tuple(circle[first:] + circle[:first])


def cycle_fault(circle: Sequence[Edge], texts: Mapping[str, str]) -> Fault:
    """The circle told edge by edge; `texts` holds the file of each edge's place by its `after`."""
    names = " → ".join(f'"{edge.after}"' for edge in (*circle, circle[0]))
    first = circle[0]
    fault = Fault(
        f"the order goes round: {names}",
        first.place,
        width=len(first.before),
        detail=" ".join(f'"{e.after}" waits for "{e.before}": {e.reason} at {e.place}.' for e in circle),
        hint="Take one of them away.",
    )
    return with_source(fault, texts.get(first.after, ""))


def _unknown(phase: Phase, known: Collection[str], names: Sequence[str]) -> list[Fault]:
    faults = []
    for need in phase.needs:
        if need.value in known:
            continue
        near = nearest(need.value, names)
        fault = Fault(
            f'phase "{phase.name}" needs "{need.value}", which is no phase of this project',
            need.place,
            width=len(need.value),
            hint=f'Did you mean "{near}"?' if near else None,
        )
        faults.append(with_source(fault, phase.settings.text if phase.settings else ""))
    return faults


def _by_needs(names: Sequence[str], needs: Sequence[Edge]) -> list[str]:
    """As many names as can be ordered, each as early as its number and its needs let it be."""
    rank = {name: index for index, name in enumerate(names)}
    waiting = dict.fromkeys(names, 0)
    followers: dict[str, list[str]] = {name: [] for name in names}
    for edge in needs:
        waiting[edge.after] += 1
        followers[edge.before].append(edge.after)
    ready = [rank[name] for name in names if not waiting[name]]
    heapify(ready)
    ordered: list[str] = []
    while ready:
        ordered.append(names[heappop(ready)])
        for name in followers[ordered[-1]]:
            waiting[name] -= 1
            if not waiting[name]:
                heappush(ready, rank[name])
    return ordered
