"""The graph for people: text by order of execution, Mermaid for a page."""

from collections.abc import Collection, Iterator

from nexiom_runner.graph.model import Edge, Graph


def as_text(graph: Graph, phases: Collection[str] | None = None) -> str:
    """One line a script in order of execution, below it what it waits for and why."""
    return "\n".join(_lines(graph, graph.phases if phases is None else phases))


def as_mermaid(graph: Graph, phases: Collection[str] | None = None) -> str:
    """A Mermaid flowchart: an arrow from what is needed to what needs it, dotted where it does not order."""
    shown = set(graph.phases if phases is None else phases)
    keys = [script.key for script in graph.scripts if script.phase in shown]
    number = {key: f"s{index}" for index, key in enumerate(keys)}
    lines = ["flowchart LR"]
    lines += [f'    {number[key]}["{_escape(key)}"]' for key in keys]
    for edge in _edges(graph):
        if edge.before in number and edge.after in number:
            arrow = "-->" if edge.orders else "-.->"
            lines.append(f'    {number[edge.before]} {arrow}|"{_escape(edge.reason)}"| {number[edge.after]}')
    return "\n".join(lines)


def _lines(graph: Graph, phases: Collection[str]) -> Iterator[str]:
    behind: dict[str, list[Edge]] = {}
    for edge in _edges(graph):
        behind.setdefault(edge.after, []).append(edge)
    for script in graph.scripts:
        if script.phase not in phases:
            continue
        yield script.key
        for edge in behind.get(script.key, ()):
            yield f"    {'after' if edge.orders else 'uses '} {edge.before}   {edge.reason}"


def _edges(graph: Graph) -> Iterator[Edge]:
    """All edges between scripts; a declared need stands between the first scripts of its phases."""
    first: dict[str, str] = {}
    for script in graph.scripts:
        if script.phase not in first or script.kind == "apply":
            first[script.phase] = script.key
    for need in graph.needs:
        yield Edge(first[need.before], first[need.after], need.reason, need.place)
    yield from graph.edges


def _escape(text: str) -> str:
    """Text inside a quoted Mermaid label: its entity codes for what would end or format it."""
    special = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\n": " "}
    return "".join(special.get(letter, letter) for letter in text)
