"""The tests of a project on a database: calls in force, then scripts, phase by phase; nothing they do remains."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from nexiom_runner.database.copies import Copies
from nexiom_runner.database.session import Session
from nexiom_runner.errors import Place
from nexiom_runner.project.in_force import CallInForce, ObjectKey, calls_in_force, object_keys
from nexiom_runner.project.model import Project
from nexiom_runner.render.secrets import Secrets, redact
from nexiom_runner.render.values import Values
from nexiom_runner.results import Difference, Kind, Outcome, Result
from nexiom_runner.sql.script import Script
from nexiom_runner.test.calls import name_of, passed_over
from nexiom_runner.test.exercise import Exercise
from nexiom_runner.test.pending import Waiting
from nexiom_runner.test.prepare import shown_function
from nexiom_runner.test.reached import Reached, unreached
from nexiom_runner.test.scripts import Checked, TestScript, skipped
from nexiom_runner.test.suite import NOT_APPLIED, Piece, Suite, make_suite
from nexiom_runner.test.work import Work, begin_work, run_all


def _everything(_: Suite, __: Piece) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Running:
    """How the pieces are run: on more `sessions` than one, in an order of the `seed`, only those that are `wanted`.

    Calls that commit are made on `copies`; where there are none they are SKIP, with the reason.

    Of what is not all wanted, no result says that something was not looked at.
    """

    sessions: Sequence[Session] = ()
    seed: int | None = None
    wanted: Callable[[Suite, Piece], bool] = _everything
    copies: Copies | None = None
    no_copies: str = "no copy of the database can be made"
    exercise: Exercise | None = None  # takes note of what is called

    @property
    def is_whole(self) -> bool:
        """Whether every piece is run."""
        return self.wanted is _everything


ALONE = Running()


def test(
    session: Session,
    project: Project,
    applied: Sequence[str],
    phases: Sequence[str],
    scripts: Sequence[TestScript],
    *,
    values: Values,
    today: date,
    reached: Reached,
    sources: Sequence[Script],
    running: Running = ALONE,  # noqa: PT028  the stage, not a test
) -> Iterator[Result]:
    """Results of `phases`, in their order, with the calls in force at the phases `applied` (in order of application).

    A phase that is not applied is SKIP. A script that names no phase runs behind the last, once all are applied. On
    a protected target only STABLE and IMMUTABLE functions are called, READ ONLY, and no script runs. `today` is the
    day in UTC; `reached` is shared by all calls of this in one run, `sources` are the scripts applied, in order.
    Everything is rolled back; no result holds the value of a secret. A lost connection is an ERROR of each check it
    leaves undone. The order of the results is the same whatever `running` says. Raises ServerError where the
    catalog cannot be read.
    """
    suite = make_suite(project, applied, phases, scripts, values, sources)
    work = begin_work(suite, session)
    work.copies, work.no_copies = running.copies, running.no_copies
    if running.exercise is not None:
        running.exercise.begin(session)
        work.exercise = running.exercise
    pieces = [piece for piece in suite.pieces() if running.wanted(suite, piece)]
    sessions = running.sessions or (session,)
    run_all(work, pieces, sessions, running.seed)
    if running.exercise is not None:
        running.exercise.settle(sessions)
    told = _Told(suite, work, today, reached, running.is_whole)
    for result in told.results():
        yield hidden(result, values.secrets)


test.__test__ = False  # type: ignore[attr-defined]  # for pytest, where a test imports it


def not_tested(project: Project, missing: Sequence[str], scripts: Sequence[TestScript]) -> Iterator[Result]:
    """SKIP for the calls and scripts of the phases `missing`, which are not applied, and for the scripts that wait for
    all phases. Asks the server nothing."""
    calls = by_phase(calls_in_force(project, missing))
    for phase in missing:
        for each in calls.get(phase, ()):
            yield from passed_over(each, name_of(each), NOT_APPLIED)
        for script in scripts:
            if script.phase == phase:
                yield from skipped(script, NOT_APPLIED)
    for script in scripts if missing else ():
        if script.phase is None:
            yield from skipped(script, f"phase {missing[0]} is not applied")


@dataclass(frozen=True, slots=True)
class _Told:
    """The results of what was run, in order; `told` holds the pending keys already reported, by name and owner."""

    suite: Suite
    work: Work
    today: date
    reached: Reached
    is_whole: bool
    told: dict[tuple[str, str], None] = field(default_factory=dict)

    def results(self) -> Iterator[Result]:
        suite = self.suite
        waiting = self.waiting()
        calls = by_phase(suite.calls)
        for phase in suite.phases:
            for each in calls.get(phase, ()):
                yield from self.call(each, waiting[each.key])
            if self.is_whole:
                yield from self.of_phase(phase)
            for keys in waiting.values():
                if keys.phase == phase:
                    yield from self.pending(keys)
            yield from self.not_applied(phase) if self.is_whole else ()
            for script in suite.scripts:
                if script.phase == phase:
                    yield from self.script(script)
            yield from self.reached.results(phase, suite.shapes) if self.is_whole else ()
        if suite.looks_at_all:
            yield from self.of_no_phase()

    def call(self, each: CallInForce, waiting: Waiting) -> Iterator[Result]:
        for looked in self.work.looked.get(id(each), ()):
            passed = looked.result.outcome is Outcome.PASS
            waiting.see(looked.pending, failed=not passed)
            if looked.compared:
                self.reached.see(each.key, looked.seen, matched=passed)
            yield alone(looked.result) if passed and each.call.only else looked.result

    def of_phase(self, phase: str) -> Iterator[Result]:
        """SKIP for each function of the phase whose result is stated and that no call exercises."""
        called = {each.key for each in self.suite.every} | self.suite.shapes.asked_for
        yield from uncalled(self.suite.project, self.suite.applied, called).get(phase, ())

    def not_applied(self, phase: str) -> Iterator[Result]:
        """SKIP for each call of a phase that is not applied."""
        if phase not in self.suite.applied:
            missing = [name for name in self.suite.phases if name not in self.suite.applied]
            for each in by_phase(calls_in_force(self.suite.project, missing)).get(phase, ()):
                yield from passed_over(each, name_of(each), NOT_APPLIED)

    def waiting(self) -> dict[ObjectKey, Waiting]:
        """The pending keys of each function that all calls of were run, told under the phase of its last call."""
        made = pending_of(self.suite, self.suite.calls)
        for each in self.suite.calls:
            if id(each) not in self.work.looked:
                made[each.key].keys.clear()
        return made

    def pending(self, waiting: Waiting) -> Iterator[Result]:
        for result in waiting.results(self.today):
            self.told[pending_name(result)] = None
            yield result

    def script(self, script: TestScript) -> Iterator[Result]:
        reason = self.suite.refusal(script)
        if reason is not None:
            yield from skipped(script, reason) if self.is_whole else ()
            return
        for checked in self.work.checked.get(script.test.source.path, ()):
            yield checked.result
            yield from self.seen(checked)
            yield from self.reached_by(checked)

    def seen(self, checked: Checked) -> Iterator[Result]:
        """The pending keys of an asserted statement that no function has told already."""
        for one in pending_in(checked, self.today, self.suite.values.target.name):
            if pending_name(one) not in self.told:
                self.told[pending_name(one)] = None
                yield one

    def reached_by(self, checked: Checked) -> Iterator[Result]:
        """Take note of what a statement reached of functions' shapes; SKIP for what it left of its own."""
        passed = checked.result.outcome is Outcome.PASS
        for asked, seen in checked.asked:
            self.reached.see(self.suite.shapes.by_name[asked.schema, asked.name][0], seen, matched=passed)
        yield from left_of(checked)

    def of_no_phase(self) -> Iterator[Result]:
        """Scripts that name no phase; SKIP in a look at all before all are applied."""
        for script in self.suite.scripts:
            if script.phase is None:
                yield from self.script(script)
        yield from self.reached.results(None, self.suite.shapes) if self.is_whole else ()


def alone(result: Result) -> Result:
    """A call that passed and says `only`: a warning, since it leaves every other test out."""
    return replace(result, outcome=Outcome.WARN, message="it says only: no other test was looked at")


def pending_in(checked: Checked, today: date, target: str) -> Iterator[Result]:
    """The pending keys of an asserted statement."""
    if checked.shape is None:
        return
    result = checked.result
    waiting = Waiting(result.phase, result.subject, result.subject, target=target)
    waiting.expect(checked.shape)
    waiting.see(checked.pending, failed=result.outcome is not Outcome.PASS)
    yield from waiting.results(today)


def left_of(checked: Checked) -> Iterator[Result]:
    """SKIP for each part of a statement's own shapes that no row reached."""
    if checked.result.outcome is Outcome.PASS:
        for part in checked.unseen:
            phase, subject = checked.result.phase, checked.result.subject
            yield unreached(part, phase, subject, Kind.SQL_TEST, "the statement did not return")


def pending_of(suite: Suite, calls: Sequence[CallInForce]) -> dict[ObjectKey, Waiting]:
    """The pending keys of each function these calls are of, told under the phase of its last call."""
    made: dict[ObjectKey, Waiting] = {}
    for each in calls:
        name, says = suite.name(each), f"{shown_function(each.key.schema, each.key.name)}()"
        subject = f"function {name if '(' in name else says}"
        one = made.setdefault(each.key, Waiting(each.phase, subject, says, target=suite.values.target.name))
        one.phase = each.phase
        if each.call.raises is None:
            one.expect(each.result)
    return made


def uncalled(project: Project, applied: Sequence[str], called: Collection[ObjectKey]) -> dict[str, list[Result]]:
    """SKIP for each function whose result is stated and that no call exercises, under the phase that states it last."""
    stated: dict[ObjectKey, tuple[str, Place]] = {}
    by_name = {phase.name: phase for phase in project.phases}
    functions = [each for name in applied if name in by_name for each in by_name[name].functions]
    keys = [each for each in object_keys(project, applied) if each[1].kind == "function"]
    for function, (phase, key, place) in zip(functions, keys, strict=True):
        if function.result is not None and key not in called:
            stated[key] = (phase, place)
    made: dict[str, list[Result]] = {}
    for key, (phase, place) in stated.items():
        subject = f"function {shown_function(key.schema, key.name)}()"
        message = "its result is stated and no call exercises it"
        result = Result(Outcome.SKIP, Kind.CALL, phase, subject, place=place, message=message)
        made.setdefault(phase, []).append(result)
    return made


def by_phase(calls: Sequence[CallInForce]) -> dict[str, list[CallInForce]]:
    """The calls of each phase, in their order."""
    made: dict[str, list[CallInForce]] = {}
    for each in calls:
        made.setdefault(each.phase, []).append(each)
    return made


def pending_name(result: Result) -> tuple[str, str]:
    """A key's own name and its owner: a function and a script that selects from it speak of the same work."""
    return (result.attribute or "").rsplit(".", 1)[-1], result.owner or ""


def hidden(result: Result, secrets: Secrets) -> Result:
    """The result without the value of any secret, wherever the database may have said it."""
    if not any(secrets.values()):
        return result

    def hide(text: str | None) -> str | None:
        return None if text is None else redact(text, secrets)

    differences = tuple(
        Difference(redact(one.path, secrets), hide(one.expected), hide(one.found), hide(one.note))
        for one in result.differences
    )
    message, detail, fix = hide(result.message), hide(result.detail), hide(result.fix)
    return replace(result, message=message, detail=detail, fix=fix, differences=differences)
