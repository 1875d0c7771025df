"""A project prepared and its target open: what every command that needs the database begins with."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from nexiom_runner.apply.who import Runner, make_runner
from nexiom_runner.commands.prepared import Prepared, prepare
from nexiom_runner.commands.request import Request
from nexiom_runner.database.session import Session
from nexiom_runner.database.targets import OpenTarget, open_target
from nexiom_runner.errors import RenderError, RunError, ScriptError, describe
from nexiom_runner.graph.model import Graph
from nexiom_runner.plan.hazards import unreasoned
from nexiom_runner.plan.model import Plan
from nexiom_runner.plan.problems import faults, warnings
from nexiom_runner.project.outline import Project, Target
from nexiom_runner.project.targets import DSN_VARIABLE
from nexiom_runner.render.secrets import missing_secrets, redact, reveal
from nexiom_runner.render.values import Values
from nexiom_runner.report.plans import todo_line


@dataclass(frozen=True, slots=True)
class Opened:
    """The project and the open target; `session` is the target's at the moment it is asked for."""

    prepared: Prepared
    place: OpenTarget

    @property
    def settings(self) -> Project:
        """The project without its phases and checks."""
        return self.prepared.settings

    @property
    def project(self) -> Project:
        """The project as read."""
        return self.prepared.project

    @property
    def target(self) -> Target:
        """The target as nexiom.yml describes it."""
        return self.prepared.target

    @property
    def target_named(self) -> str | None:
        """What a command that is to reach the same target says with --target; None where it need not, or must not."""
        name, settings = self.target.name, self.settings
        stands_in = self.target.dsn_env == DSN_VARIABLE
        return None if name == settings.default_target or name not in settings.targets or stands_in else name

    @property
    def graph(self) -> Graph:
        """The scripts in order."""
        return self.prepared.graph

    @property
    def values(self) -> Values:
        """What templates see."""
        return self.prepared.values

    @property
    def session(self) -> Session:
        """The session on the target's database."""
        return self.place.session

    @property
    def known_secrets(self) -> Mapping[str, str]:
        """The secrets that are set."""
        return {name: value for name, value in self.values.secrets.items() if value is not None}

    def applied(self, plan: Plan) -> list[str]:
        """The phases that a plan finds applied, in order."""
        return [name for name in self.graph.phases if name not in plan.unapplied]

    def reveal(self, text: str) -> str:
        """The text with its secrets, to be sent and shown to nobody."""
        return reveal(text, self.values.secrets)

    def runner(self, request: Request) -> Runner:
        """Who runs this, for the ledger and the report."""
        server = self.session.server
        name, root = self.settings.name, self.settings.root
        made = make_runner(name, root, server, self.target.name, request.environ, request.now)
        return replace(made, disposable=self.target.embedded, target_named=self.target_named)


@contextmanager
def open_project(request: Request, *, wait: float = 0.0) -> Iterator[Opened]:
    """Read the project and open its target; closed at the end. Raises what `prepare` and `open_target` raise.

    `wait` is for how many seconds a server that is not there yet is tried again.
    """
    with open_prepared(request, prepare(request), wait=wait) as opened:
        yield opened


@contextmanager
def open_prepared(request: Request, prepared: Prepared, *, wait: float = 0.0) -> Iterator[Opened]:
    """Open the target of a project that is read already, for commands that find more faults before they connect."""
    request.console.working(f"opening {prepared.target.name}")
    hide, said = partial(redact, secrets=prepared.values.secrets), request.console.note
    try:
        with open_target(
            prepared.settings, prepared.target, request.environ, redact=hide, wait=wait, said=said
        ) as place:
            yield Opened(prepared, place)
    except Exception as error:
        _hide(error, hide)
        raise


def _hide(error: BaseException, hide: Callable[[str], str]) -> None:
    """Take secrets out of what an error, and what led to it, would print."""
    shown: BaseException | None = error
    while shown is not None:
        shown.args = tuple(hide(part) if isinstance(part, str) else part for part in shown.args)
        shown = shown.__cause__ or shown.__context__


def announce(request: Request, opened: Opened, plan: Plan, *, compares: bool = False) -> None:
    """Show what an apply is about to do. Raises, before anything runs, RunError with what must be settled first
    (a disposable target has nothing of that), ScriptError with what would be taken away from a protected target
    without a reason, and RenderError with each secret that is needed and not set. `compares`: the command audits too.
    """
    if plan.problems:
        raise RunError(*faults(plan, opened.target_named))
    if opened.target.protected and (refused := unreasoned(plan, opened.graph.destructive, opened.target.name)):
        raise ScriptError(*refused)
    request.say(todo_line(plan, opened.target.name, request.now(), compares=compares))
    for fault in warnings(plan, opened.target_named) if plan.back_to is None else ():
        request.say(describe(fault, "warning"))
    scripts = (step.script.rendered for step in plan.todo if step.script is not None)
    if missing := missing_secrets(scripts, opened.values.secrets):
        raise RenderError(*missing)
