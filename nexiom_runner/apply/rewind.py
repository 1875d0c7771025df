"""Going back on a disposable target: stored states, each found by the chain of what had been applied."""

import hashlib
from collections.abc import Sequence

from nexiom_runner.apply.ledger import History
from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.graph.model import Graph
from nexiom_runner.ledger.entry import FORMAT
from nexiom_runner.plan.model import Step

BOOTSTRAP = 1  # of the roles and settings a database begins with; another number finds no older state
SPACING = 4  # states stand before the last phase of a run, the 4th last, the 16th last …


def state_keys(project: str, graph: Graph) -> tuple[str, ...]:
    """The key of the state after 0, 1, 2 … scripts: each covers name and semantic fingerprint of all before it."""
    keys = [_digest(f"{project}\n{FORMAT}\n{BOOTSTRAP}")]
    for script in graph.scripts:
        keys.append(_digest(f"{keys[-1]}\n{script.key}\n{script.semantic_sha}"))
    return tuple(keys)


def newest_kept(opened: OpenTarget, project: str, graph: Graph, most: int) -> int:
    """How many scripts, at most `most`, the newest stored state holds; 0 where only the empty database does."""
    keys = state_keys(project, graph)[: most + 1]
    found = opened.newest_state(keys[:0:-1])
    return 0 if found is None else keys.index(found)


def go_back(opened: OpenTarget, project: str, graph: Graph, kept: int) -> str | None:
    """Put the embedded database back to the newest stored state of at most `kept` scripts.

    The last phase that is whole in it, or script; None where it is empty. The session of `opened` is a new one.
    """
    count = newest_kept(opened, project, graph, kept)
    if not count:
        opened.reset_database()
        return None
    opened.restore_state(state_keys(project, graph)[count])
    last = graph.scripts[count - 1]
    return last.phase if graph.complete_after[last.phase] < count else last.key


def store_points(steps: Sequence[Step]) -> frozenset[str]:
    """Keys of the steps before which a state is worth keeping: people edit what is newest."""
    firsts = list({step.phase: step.key for step in reversed(steps)}.values())
    points, back = set(), 1
    while back <= len(firsts):
        points.add(firsts[back - 1])
        back *= SPACING
    return frozenset(points)


def store(opened: OpenTarget, project: str, graph: Graph, history: History, before: str) -> bool:
    """Keep the state before a script, where it is the one an undisturbed run from nothing has there; whether it is."""
    order = [script.key for script in graph.scripts]
    prefix = order[: order.index(before)]
    records = history.state.scripts
    if not prefix or list(records) != prefix:
        return False
    if any(records[script.key].semantic != script.semantic_sha for script in graph.scripts[: len(prefix)]):
        return False
    opened.store_state(state_keys(project, graph)[len(prefix)])
    return True


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
