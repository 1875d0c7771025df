"""The whole of an apply: lock, plan, go back where the target is disposable, apply, keep states on the way."""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial

from nexiom_runner.apply.apply import apply_plan
from nexiom_runner.apply.confirm import read_back
from nexiom_runner.apply.ledger import History, read_history
from nexiom_runner.apply.lock import hold_lock, lost_lock, release, renew
from nexiom_runner.apply.look import read_plan
from nexiom_runner.apply.move import told_move
from nexiom_runner.apply.read_only import refuse_read_only
from nexiom_runner.apply.rewind import go_back, store, store_points
from nexiom_runner.apply.timeouts import Patience, claim_of, in_force
from nexiom_runner.apply.upgrade import ready_ledger
from nexiom_runner.apply.watch import watching
from nexiom_runner.apply.who import Runner, where_of
from nexiom_runner.database.session import Session, connect
from nexiom_runner.database.targets import APPLICATION, OpenTarget
from nexiom_runner.errors import UnavailableError
from nexiom_runner.graph.model import Graph
from nexiom_runner.plan.model import Plan
from nexiom_runner.project.model import Phase
from nexiom_runner.project.outline import Limits
from nexiom_runner.render.secrets import Secrets, reveal
from nexiom_runner.results import Result

SERVED = 2.0  # seconds within which a pooler gives a second connection, or has none
LOOKS = 0.4  # of the shortest lock_timeout lies between two looks at who holds the lock: each wait is seen
LEAST_LOOK, LONGEST_LOOK = 0.05, 5.0  # seconds


def _unheard(_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says of a run: `wait` is in seconds, `planned` hears the plan before anything runs.

    `phases` gives the project's phases, once something is to be done: they may state limits of their own.
    """

    to: str | None = None
    wait: float = 60.0
    phases: Callable[[], Iterable[Phase]] = tuple
    planned: Callable[[Plan], None] = _unheard
    said: Callable[[str], None] = _unheard
    progress: Callable[[str], None] = _unheard


@dataclass(frozen=True, slots=True)
class Applying:
    """An apply that has begun: each result comes when its script has ended, in the order of `plan.todo`.

    Between two of them the caller may use the target's session (read anew each time: keeping a state replaces
    it), and may stop: what is applied stays.
    """

    plan: Plan
    results: Iterator[Result]


DEFAULTS = Options()


@contextmanager
def begin_apply(
    opened: OpenTarget, graph: Graph, runner: Runner, secrets: Secrets, options: Options = DEFAULTS
) -> Iterator[Applying]:
    """The lock is held, the plan is made anew behind it, a disposable target has gone back: nothing ran yet.

    With nothing to do there is no lock and one round trip. Raises what `hold_lock` and `go_back` raise, the
    results what `apply_plan` raises and, at their end, what `confirm` does.
    """
    plan, history = read_plan(opened, runner.project, graph, to=options.to)
    if note := told_move(history, opened.session, opened.target):
        options.said(f"note: {note}")
    if not plan.anything_to_do:
        options.planned(plan)
        yield Applying(plan, iter(()))
        return
    refuse_read_only(opened)
    with _locked(opened, runner.project, options) as patience, _direct(opened) as direct:
        plan, history = _read_again(opened, runner.project, graph, options.to)
        options.planned(plan)
        if plan.back_to is not None:
            runner, plan, history = _back(opened, graph, runner, plan, options)
        runner = replace(runner, disposable=opened.target.embedded)
        history = ready_ledger(opened.session, runner, history)
        before = _keeper(opened, graph, runner.project, plan, patience)
        put_in = partial(reveal, secrets=secrets)
        results = apply_plan(
            opened.session,
            plan,
            graph,
            history,
            runner,
            reveal=put_in,
            before=before,
            patience=patience,
            direct=direct,
        )
        yield Applying(plan, read_back(opened, graph, runner.project, history.head, results))


def _read_again(opened: OpenTarget, project: str, graph: Graph, to: str | None) -> tuple[Plan, History]:
    """The plan behind the lock; the runner that held it may have replaced an embedded database meanwhile."""
    try:
        return read_plan(opened, project, graph, to=to)
    except UnavailableError:
        if not opened.target.embedded:
            raise
    opened.reconnect()
    return read_plan(opened, project, graph, to=to)


def _back(
    opened: OpenTarget, graph: Graph, runner: Runner, plan: Plan, options: Options
) -> tuple[Runner, Plan, History]:
    phase = go_back(opened, runner.project, graph, plan.back_to or 0)
    after = f"to the state after {phase}" if phase else "to the empty database"
    options.said(f"{plan.back_because}: went back {after}")
    again, history = read_plan(opened, runner.project, graph, to=options.to)
    return replace(runner, where=where_of(opened.session.server, opened.target.name)), again, history


def _keeper(opened: OpenTarget, graph: Graph, project: str, plan: Plan, patience: Patience) -> Callable[[str], Session]:
    """Called before each script: stops a runner that lost its lock, and keeps a state of an embedded database where
    it is worth it; the session to go on."""
    points = store_points(plan.todo) if opened.target.embedded else frozenset()

    def before(key: str) -> Session:
        if not patience.held():
            raise lost_lock(project, key)
        if key in points:
            store(opened, project, graph, read_history(opened.session, project), key)
        return opened.session

    return before


@contextmanager
def _locked(opened: OpenTarget, project: str, options: Options) -> Iterator[Patience]:
    """The lock on a connection of its own, without the pooler where there is a way; an embedded database is replaced
    now and then, so not in there. Behind a pooler with one connection each transaction takes the lock itself."""
    limits = {phase.name: phase.limits for phase in options.phases()}
    patience = Patience(opened.target.limits, limits, options.said, progress=options.progress)
    with (
        connect(_lock_dsn(opened), application=f"{APPLICATION} on {socket.gethostname()}"[:63]) as session,
        hold_lock(session, project, wait=options.wait, said=options.said),
    ):
        if not (opened.running or opened.session.answers_within(SERVED, partial(release, session))):
            options.said("the pooler has one connection: the lock is taken in each transaction, not for the whole run")
            yield replace(patience, claim=opened.session.written(claim_of(project)))
            return
        with watching(session, _interval(patience), options.said, partial(renew, session, project)) as watch:
            yield replace(patience, watch=watch)


@contextmanager
def _direct(opened: OpenTarget) -> Iterator[Callable[[], Session] | None]:
    """Gives the session for statements outside of a transaction, connected when it is first asked for; None where
    the target names no way around its pooler."""
    if opened.direct_dsn is None:
        yield None
        return
    with ExitStack() as stack:
        yield cache(lambda: stack.enter_context(opened.connect_direct()))


def _lock_dsn(opened: OpenTarget) -> str:
    if opened.running:
        return opened.running.maintenance_dsn
    return opened.direct_dsn or opened.target.dsn or ""


def _interval(patience: Patience) -> float:
    """Seconds between two looks at who keeps a script waiting."""
    every = (in_force(patience.target, limits) for limits in (Limits(), *patience.phases.values()))
    shortest = min((each.lock_timeout / 1_000 for each in every if each.lock_timeout), default=LONGEST_LOOK)
    return min(LONGEST_LOOK, max(LEAST_LOOK, shortest * LOOKS))
