"""Which phases a selection names: names, globs, tags, and what stands before or behind them."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from nexiom_runner.errors import Fault, UsageError
from nexiom_runner.graph.model import Graph
from nexiom_runner.project.names import did_you_mean, phase_meant
from nexiom_runner.project.outline import Project

Neighbours = Mapping[str, frozenset[str]]


def select_phases(
    graph: Graph, project: Project, select: Iterable[str] = (), exclude: Iterable[str] = ()
) -> frozenset[str]:
    """The names of the selected phases: all where nothing is selected, less the excluded ones.

    A selector is a name, a glob (`1*_inbox`) or `tag:x`; `+` before it adds all it needs, `+` behind
    it all that needs it, declared and inferred. Raises UsageError for each one that names nothing.
    """
    chosen, left_out, faults = list(select), list(exclude), []
    before, behind = _neighbours(graph)
    sets: dict[str, frozenset[str]] = {}
    for selector in (*chosen, *left_out):
        core = selector.removeprefix("+").removesuffix("+")
        found = _named(core, project)
        if not found:
            faults.append(_nothing(selector, core, project))
        if selector.startswith("+"):
            found |= _closure(found, before)
        if selector.endswith("+"):
            found |= _closure(_named(core, project), behind)
        sets[selector] = found
    if faults:
        raise UsageError(*faults)
    everything = frozenset(graph.phases)
    included = frozenset().union(*(sets[selector] for selector in chosen)) if chosen else everything
    return included - frozenset().union(*(sets[selector] for selector in left_out))


def _named(core: str, project: Project) -> frozenset[str]:
    if core.startswith("tag:"):
        tag = core.removeprefix("tag:")
        return frozenset(phase.name for phase in project.phases if tag in phase.tags)
    return frozenset(phase.name for phase in project.phases if phase.name == core or fnmatchcase(phase.name, core))


def _nothing(selector: str, core: str, project: Project) -> Fault:
    if core.startswith("tag:"):
        tags = dict.fromkeys(tag for phase in project.phases for tag in phase.tags)
        return Fault(
            f'no phase has the tag "{core.removeprefix("tag:")}"', hint=did_you_mean(core.removeprefix("tag:"), tags)
        )
    return Fault(f'no phase is named "{selector}"', hint=phase_meant(core, [p.name for p in project.phases]))


def _neighbours(graph: Graph) -> tuple[Neighbours, Neighbours]:
    """Phase → the phases it needs, and → the phases that need it."""
    before: dict[str, set[str]] = {}
    behind: dict[str, set[str]] = {}
    pairs = [(edge.before, edge.after) for edge in graph.needs]
    pairs += [(edge.before.partition("/")[0], edge.after.partition("/")[0]) for edge in graph.edges]
    for first, second in pairs:
        before.setdefault(second, set()).add(first)
        behind.setdefault(first, set()).add(second)
    return (
        {name: frozenset(names) for name, names in before.items()},
        {name: frozenset(names) for name, names in behind.items()},
    )


def _closure(start: frozenset[str], neighbours: Neighbours) -> frozenset[str]:
    """Everything reached from the start, itself included."""
    seen, waiting = set(start), list(start)
    while waiting:
        for name in neighbours.get(waiting.pop(), frozenset()) - seen:
            seen.add(name)
            waiting.append(name)
    return frozenset(seen)
