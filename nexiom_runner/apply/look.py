"""What an apply would do, read and not run: all that `plan` and the checks need of this stage."""

from nexiom_runner.apply.ledger import History, read_history
from nexiom_runner.apply.progress import with_progress
from nexiom_runner.apply.rewind import newest_kept
from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.graph.model import Graph
from nexiom_runner.plan.make import from_state, make_plan
from nexiom_runner.plan.model import Plan


def read_plan(opened: OpenTarget, project: str, graph: Graph, *, to: str | None = None) -> tuple[Plan, History]:
    """The plan for a target and the history it was made from; one round trip, nothing is changed.

    Where the target is to go back, the plan says to which of the stored states, and where a backfill is under way, how
    far it is (a second round trip each).
    """
    history = read_history(opened.session, project)
    plan = make_plan(graph, history.state, to=to, disposable=opened.target.embedded)
    if plan.back_to is not None:
        plan = from_state(plan, newest_kept(opened, project, graph, plan.back_to))
    return with_progress(opened.session, project, plan), history
