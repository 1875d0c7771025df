"""The project as one run of pytest sees it: read without a server, and built once for all workers when an item runs."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path

from nexiom_runner.apply.look import read_plan
from nexiom_runner.apply.run import begin_apply
from nexiom_runner.commands.checking import Checks, prepare_checks
from nexiom_runner.commands.opened import Opened, open_prepared
from nexiom_runner.commands.prepared import Prepared, prepare
from nexiom_runner.commands.remembered import cache_folder
from nexiom_runner.commands.request import Request
from nexiom_runner.commands.waiting import ONE_MINUTE, apply_options
from nexiom_runner.database.copies import Copies, copies_of
from nexiom_runner.database.locks import gate
from nexiom_runner.database.session import Session
from nexiom_runner.errors import NexiomError, TargetError
from nexiom_runner.results import FAILING, Outcome, Result
from nexiom_runner.test.suite import Suite, make_suite
from nexiom_runner.test.work import Work, begin_work

BUILD_TIMEOUT = 3_600.0  # seconds that a worker waits while another builds


class Unheard:
    """A console for what pytest's own output has no room for."""

    def out(self, text: str) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def working(self, text: str) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Built:
    """The project on its target: a session on a copy of its own where there can be copies, else on the target's.

    `failed` is the script that could not be applied; the phases behind it are not.
    """

    opened: Opened
    work: Work
    session: Session
    applied: Sequence[str]
    failed: Result | None
    copies: Copies | None
    no_copies: str = ""


@dataclass
class Project:
    """A nexiom project in a run of pytest. Nothing is asked of a server before `built`."""

    root: Path
    target: str | None
    fail_on: frozenset[Outcome]
    run: str | None  # the same for all workers of a run
    closing: ExitStack = field(default_factory=ExitStack)
    trouble: NexiomError | None = None  # its files cannot be read, or it cannot be built

    @cached_property
    def request(self) -> Request:
        """As a command is asked."""
        return Request(Unheard(), os.environ, partial(datetime.now, UTC), self.root, self.target)

    @cached_property
    def prepared(self) -> Prepared:
        """Read, rendered, ordered. Raises the error of the stage that found faults."""
        return prepare(self.request)

    @cached_property
    def checks(self) -> Checks:
        """Audits and scripts, rendered. Raises RenderError or ScriptError."""
        return prepare_checks(self.prepared)

    @cached_property
    def suite(self) -> Suite:
        """All tests, as if every phase were applied."""
        return self.suite_at(self.prepared.graph.phases)

    @cached_property
    def tags(self) -> Mapping[str, Sequence[str]]:
        """The tags of each phase."""
        return {phase.name: phase.tags for phase in self.prepared.project.phases}

    @property
    def today(self) -> date:
        """In UTC, as pending work counts its days."""
        return datetime.now(UTC).date()

    def suite_at(self, applied: Sequence[str]) -> Suite:
        """All tests at the phases applied."""
        prepared = self.prepared
        sources = [script for script in prepared.graph.scripts if script.phase in set(applied)]
        phases = prepared.graph.phases
        return make_suite(prepared.project, applied, phases, self.checks.scripts, prepared.values, sources)

    def built(self) -> Built:
        """The project built, the first time with all it takes. Raises NexiomError; a second time the same one."""
        if self.trouble is not None:
            raise self.trouble
        try:
            return self._built
        except NexiomError as error:
            self.trouble = error
            raise

    def close(self) -> None:
        """Drop the copies and let go of the server."""
        self.closing.close()

    @cached_property
    def _built(self) -> Built:
        with ExitStack() as stack:
            with _alone(self.request, self.root):
                opened = stack.enter_context(open_prepared(self.request, self.prepared))
                failed = _build(self.request, opened) if opened.target.embedded else None
                plan, _ = read_plan(opened.place, opened.project.name, opened.graph)
                applied = opened.applied(plan)
                copies, why = _copies(stack, opened, self.run)
            session = opened.session
            if copies is not None:
                opened.session.close()
                session = stack.enter_context(stack.enter_context(copies.copy()).connect())
            suite = self.suite if applied == list(self.suite.applied) else self.suite_at(applied)
            work = begin_work(suite, session)
            work.copies, work.no_copies = copies, why
            built = Built(opened, work, session, applied, failed, copies, why)
            self.closing.push(stack.pop_all())
            return built


def _build(request: Request, opened: Opened) -> Result | None:
    """Apply what is pending on the disposable target; the script that failed, if one did."""
    options = apply_options(request, opened, None, ONE_MINUTE)
    runner = opened.runner(request)
    with begin_apply(opened.place, opened.graph, runner, opened.values.secrets, options) as applying:
        results = list(applying.results)
    return next((result for result in results if result.outcome in FAILING), None)


def _copies(stack: ExitStack, opened: Opened, run: str | None) -> tuple[Copies | None, str]:
    try:
        return stack.enter_context(copies_of(opened.place, run)), ""
    except TargetError as error:
        return None, error.faults[0].message


@contextmanager
def _alone(request: Request, root: Path) -> Iterator[None]:
    """One worker at a time builds the project and copies its database."""
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    folder = cache_folder(request.environ).parent / "building"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        folder = Path(tempfile.gettempdir())
    with gate(folder / f"nexiom-{os.getuid()}-{name}.lock", BUILD_TIMEOUT):
        yield
