"""The pieces of a suite run, in any order and on any number of sessions; what came of each is kept."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from queue import Empty, SimpleQueue
from random import Random

from nexiom_runner.database.copies import Copies
from nexiom_runner.database.session import Session
from nexiom_runner.errors import UnavailableError
from nexiom_runner.project.in_force import CallInForce
from nexiom_runner.project.model import ResultOf
from nexiom_runner.project.situation import users_of
from nexiom_runner.results import Outcome, Result
from nexiom_runner.shape.model import Shape
from nexiom_runner.test.calls import Looked, look, passed_over
from nexiom_runner.test.exercise import Exercise
from nexiom_runner.test.given import render_given, texts_of
from nexiom_runner.test.prepare import Prepared, Ready, Unready, prepare, prepare_live
from nexiom_runner.test.scripts import Checked, TestScript, run_script
from nexiom_runner.test.suite import LEFT_OUT, Piece, Suite


@dataclass(slots=True)
class Work:
    """What was run of a suite. Threads may run different pieces at once, each on a session of its own."""

    suite: Suite
    prepared: Prepared
    ready: dict[int, Ready | Unready]
    looked: dict[int, tuple[Looked, ...]] = field(default_factory=dict)
    checked: dict[str, tuple[Checked, ...]] = field(default_factory=dict)
    copies: Copies | None = None
    no_copies: str = "no copy of the database can be made"
    exercise: Exercise | None = None

    def run(self, piece: Piece, session: Session) -> None:
        """Run a piece, unless it was; nothing it did is left in the session's database."""
        if isinstance(piece, TestScript):
            if piece.test.source.path not in self.checked:
                self._turn(session, None)
                self.checked[piece.test.source.path] = tuple(self._script(piece, session))
        elif id(piece) not in self.looked:
            self.looked[id(piece)] = tuple(self._counted(piece, session))

    def _counted(self, each: CallInForce, session: Session) -> Iterator[Looked]:
        """The call as each of its callers, with note of who calls what."""
        ready, looks = self.ready[id(each)], iter(self._call(each, session))
        for caller in each.callers:
            role = None if caller is None else caller.role
            self._turn(session, role)
            for looked in islice(looks, 1):
                yield looked
                if self.exercise is not None and isinstance(ready, Ready) and looked.result.outcome is not Outcome.SKIP:
                    self.exercise.note(role, ready.signature)

    def _turn(self, session: Session, role: str | None) -> None:
        if self.exercise is not None:
            self.exercise.turn(session, role)

    def _script(self, script: TestScript, session: Session) -> Iterable[Checked]:
        known = {name: shape for name, (_, shape) in self.suite.shapes.by_name.items()}
        return run_script(session, script, self.suite.values.secrets, known, self.suite.sources, self.prepared.live)

    def _call(self, each: CallInForce, session: Session) -> Iterable[Looked]:
        name, ready = self.suite.name(each), self.ready[id(each)]
        reason = LEFT_OUT if self.suite.narrowed and not each.call.only else each.call.skip
        if reason is not None:
            return _passed(passed_over(each, name, reason))
        target = self.suite.values.target
        if target.protected and target.name not in each.call.on and not _is_read_only(ready):
            why = "it writes what it is given" if _is_given(ready) else "the function is volatile"
            reason = f'{why} and "{target.name}" is protected; on: [{target.name}] would call it'
            return _passed(passed_over(each, name, reason))
        if each.call.commits and self.copies is None:
            return _passed(passed_over(each, name, f"it commits: {self.no_copies}"))
        copies = self.copies if each.call.commits else None
        return look(session, each, ready, self.prepared, name, self.suite.sources, copies)


def begin_work(suite: Suite, session: Session) -> Work:
    """Ask the catalog about all calls at once. A lost connection is an ERROR of each. Raises ServerError."""
    calls = suite.calls
    prepared = Prepared((), {})
    if calls:
        given = render_given((each.given for each in calls), suite.values, suite.project.macros)
        users, texts = users_of(suite.project), dict(texts_of(suite.project))
        try:
            prepared = prepare(session, calls, suite.values.secrets, users=users, rendered=given, texts=texts)
        except UnavailableError as error:
            lost = Unready(error.faults[0].message)
            prepared = Prepared(tuple(lost for _ in calls), {})
    with suppress(UnavailableError):  # told by each call and script
        prepared = replace(prepared, live=prepare_live(session, list(_shapes(suite))))
    return Work(suite, prepared, dict(zip(map(id, calls), prepared.calls, strict=True)))


def _shapes(suite: Suite) -> Iterator[Shape]:
    """Every shape that a value of this look is held to."""
    yield from (each.result for each in suite.calls if each.result is not None)
    yield from (shape for _, shape in suite.shapes.by_name.values())
    for script in suite.scripts:
        for statement in script.test.statements:
            yield from (each for _, each in statement.columns if not isinstance(each, ResultOf))


def run_all(work: Work, pieces: Collection[Piece], sessions: Sequence[Session], seed: int | None = None) -> None:
    """Run the pieces, one at a time a session; `seed` shuffles them. What a piece raises ends the others."""
    order = list(pieces)
    if seed is not None:
        Random(seed).shuffle(order)
    if len(sessions) == 1 or len(order) < 2:
        for piece in order:
            work.run(piece, sessions[0])
        return
    waiting: SimpleQueue[Piece] = SimpleQueue()
    for piece in order:
        waiting.put(piece)
    with ThreadPoolExecutor(len(sessions), "nexiom test") as pool:
        running = [pool.submit(_drain, work, waiting, session) for session in sessions]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        finally:
            _stop(waiting, running, sessions)
    for one in running:
        one.result()


def _drain(work: Work, waiting: "SimpleQueue[Piece]", session: Session) -> None:
    while True:
        try:
            piece = waiting.get_nowait()
        except Empty:
            return
        work.run(piece, session)


def _stop(waiting: "SimpleQueue[Piece]", running: Sequence["Future[None]"], sessions: Sequence[Session]) -> None:
    """Nothing more is begun, and what runs is cancelled."""
    while not waiting.empty():
        waiting.get_nowait()
    for one, session in zip(running, sessions, strict=True):
        if not one.done():
            session.interrupt()


def _is_read_only(ready: Ready | Unready) -> bool:
    return isinstance(ready, Unready) or (ready.read_only and not ready.before)


def _is_given(ready: Ready | Unready) -> bool:
    return isinstance(ready, Ready) and ready.read_only


def _passed(results: Iterable[Result]) -> Iterable[Looked]:
    return (Looked(result) for result in results)
