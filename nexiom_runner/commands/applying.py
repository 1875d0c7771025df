"""An apply on its way: the plan once nothing but its first script stands before, and the results as they come."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.run import Options, _back, _keeper, _locked, read_plan
from nexiom_runner.apply.who import Runner
from nexiom_runner.database.targets import OpenTarget
from nexiom_runner.graph.model import Graph
from nexiom_runner.plan.model import Plan
from nexiom_runner.render.secrets import Secrets, reveal
from nexiom_runner.results import Result


@dataclass(frozen=True, slots=True)
class Applying:
    plan: Plan
    results: Iterator[Result]


@contextmanager
def begin_apply(
    opened: OpenTarget, graph: Graph, runner: Runner, secrets: Secrets, options: Options
) -> Iterator[Applying]:
    plan, history = read_plan(opened, runner.project, graph, to=options.to)
    if not plan.anything_to_do:
        options.planned(plan)
        yield Applying(plan, iter(()))
        return
    with _locked(opened, runner.project, options):
        plan, history = read_plan(opened, runner.project, graph, to=options.to)
        options.planned(plan)
        if plan.back_to is not None:
            runner, plan, history = _back(opened, graph, runner, plan, options)
        before = _keeper(opened, graph, runner.project, plan)
        put_in = partial(reveal, secrets=secrets)
        yield Applying(plan, apply_plan(opened.session, plan, graph, history, runner, reveal=put_in, before=before))
