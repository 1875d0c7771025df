"""What there is to look at in a file of the project, known without a server, and how each is looked at."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from nexiom_runner.audit.files import AuditFile, run_audit
from nexiom_runner.audit.hidden import Hidden
from nexiom_runner.errors import Place
from nexiom_runner.project.in_force import CallInForce, ObjectKey, object_keys
from nexiom_runner.project.model import ResultOf
from nexiom_runner.pytest_plugin.project import Built, Project
from nexiom_runner.report.failures import script_failure
from nexiom_runner.results import Kind, Outcome, Result
from nexiom_runner.shape.parts import unseen
from nexiom_runner.test.calls import roles_of
from nexiom_runner.test.pending import Waiting
from nexiom_runner.test.prepare import shown_function
from nexiom_runner.test.reached import Held, Reached, unreached
from nexiom_runner.test.scripts import Checked, TestScript
from nexiom_runner.test.suite import NOT_APPLIED, Suite
from nexiom_runner.test.test import alone, hidden, left_of, pending_in, pending_name, pending_of, uncalled

WHOLE_SHAPE = "every part of its shape"
WHOLE_SCRIPT = "the whole script"

Looking = Callable[[Built], Iterable[Result]]


@dataclass(frozen=True, slots=True)
class Look:
    """One item to be; `at` gives its results, none of them where all is well and nothing is to be said."""

    name: str
    phase: str | None
    place: Place | None
    at: Looking
    function: str = ""
    role: str | None = None


def call_looks(project: Project) -> Mapping[str | None, Sequence[Look]]:
    """By phase, a look a call and role, a pending key, and a shape that may be reached in part, of its functions."""
    suite = project.suite
    looks: dict[str | None, list[Look]] = {}
    for look in chain(_calls(suite), _pending(suite, project), _shapes(suite), _uncalled(suite)):
        looks.setdefault(look.phase, []).append(_about(look, suite))
    return looks


def script_looks(project: Project, path: str) -> Iterator[Look]:
    """A look an asserted statement, and one at what is said of the rest."""
    script = next(one for one in project.suite.scripts if one.test.source.path == path)
    for statement in script.test.statements:
        subject = _subject(script, statement.key)
        at = partial(_statement, project, path, subject)
        yield _about(Look(statement.key, script.phase, statement.place, at), project.suite)
    asserted = {_subject(script, statement.key) for statement in script.test.statements}
    at = partial(_rest, path, frozenset(asserted))
    yield _about(Look(WHOLE_SCRIPT, script.phase, Place(path, 1), at), project.suite)


def audited(project: Project, path: str) -> Iterator[Look]:
    """One look: its rows say which objects it examined."""
    file = next(one for one in project.checks.audits if one.audit.source.path == path)
    phase = None if file.audit.phase is None else file.audit.phase.value
    look = Look(file.name, phase, Place(path, 1), partial(_audit, file, phase))
    yield _about(look, project.suite)


def _about(look: Look, suite: Suite) -> Look:
    """The look, with what is said where its phase is not applied, and no secret in what it says."""
    secrets = suite.values.secrets

    def at(built: Built) -> Iterator[Result]:
        unapplied = _unapplied(look, built)
        for result in (unapplied,) if unapplied is not None else look.at(built):
            yield hidden(result, secrets)

    return Look(look.name, look.phase, look.place, at, look.function, look.role)


def _unapplied(look: Look, built: Built) -> Result | None:
    """SKIP, or BLOCKED by the script that failed."""
    missing = look.phase is not None and look.phase not in built.applied
    if not missing:
        return None
    base = Result(Outcome.SKIP, Kind.CALL, look.phase, look.name, role=look.role, place=look.place, message=NOT_APPLIED)
    if built.failed is None:
        return base
    message = f'the phase is not applied: "{built.failed.subject}" failed'
    return replace(base, outcome=Outcome.BLOCKED, message=message, detail=script_failure(built.failed))


def _calls(suite: Suite) -> Iterator[Look]:
    made = Counter((each.key, each.call.name) for each in suite.calls for _ in each.callers)
    for each in suite.calls:
        for role in roles_of(each):
            single = made[each.key, each.call.name] == 1
            name = each.call.name if single else f"{each.call.name}[{role}]"
            at = partial(_call, each.key, each.call.name, role)
            yield Look(name, each.phase, each.call.place, at, suite.name(each), role)


def _call(key: ObjectKey, name: str, role: str | None, built: Built) -> Iterator[Result]:
    for each in _of_function(built, key, name):
        for one in built.work.looked[id(each)]:
            if one.result.role == role:
                yield alone(one.result) if each.call.only and one.result.outcome is Outcome.PASS else one.result


def _of_function(built: Built, key: ObjectKey, name: str | None = None) -> Iterator[CallInForce]:
    """The calls of a function, or those of one name, each run when it is asked for."""
    for each in built.work.suite.calls:
        if each.key == key and name in (None, each.call.name):
            built.work.run(each, built.session)
            yield each


def _pending(suite: Suite, project: Project) -> Iterator[Look]:
    for key, waiting in pending_of(suite, suite.calls).items():
        for path, shape in waiting.keys.items():
            name = f"pending {path.removeprefix('$.')}"
            at = partial(_pending_key, key, path, project)
            yield Look(name, waiting.phase, shape.place, at, suite.names[key])


def _pending_key(key: ObjectKey, path: str, project: Project, built: Built) -> Iterator[Result]:
    suite = built.work.suite
    waiting: Waiting = pending_of(suite, [each for each in suite.calls if each.key == key])[key]
    for each in _of_function(built, key):
        for looked in built.work.looked[id(each)]:
            waiting.see(looked.pending, failed=looked.result.outcome is not Outcome.PASS)
    yield from (result for result in waiting.results(project.today) if result.attribute == path)


def _shapes(suite: Suite) -> Iterator[Look]:
    """A look at each function of whose shape a value may leave a part out, in the last phase to state it."""
    last = {key: name for name, key, _ in object_keys(suite.project, suite.phases)}
    called = dict.fromkeys(each.key for each in suite.calls)
    every = _held(suite)
    for key in dict.fromkeys([*called, *suite.shapes.asked_for]):
        found, phase = every.get(key, ()), last.get(key)
        if phase is not None and any(list(unseen(held.shape, ())) for held in found):
            name = suite.names.get(key) or shown_function(key.schema, key.name)
            yield Look(WHOLE_SHAPE, phase, found[0].shape.place, partial(_whole_shape, key, phase), name)


def _held(suite: Suite) -> Mapping[ObjectKey, Sequence[Held]]:
    """The shapes that values of each function are held to."""
    found: dict[ObjectKey, list[Held]] = {}
    every = {id(held): held for users in suite.shapes.by_user.values() for held in users}
    for held in every.values():
        found.setdefault(held.key, []).append(held)
    return found


def _whole_shape(key: ObjectKey, phase: str, built: Built) -> Iterator[Result]:
    reached = Reached()
    for each in _of_function(built, key):
        for looked in built.work.looked[id(each)]:
            if looked.compared:
                reached.see(key, looked.seen, matched=looked.result.outcome is Outcome.PASS)
    for checked in _asking(built, key):
        for asked, seen in checked.asked:
            if built.work.suite.shapes.by_name[asked.schema, asked.name][0] == key:
                reached.see(key, seen, matched=checked.result.outcome is Outcome.PASS)
    if key in reached.matched:
        parts = (
            (part, held)
            for held in _held(built.work.suite).get(key, ())
            for part in unseen(held.shape, reached.seen.get(key, ()))
        )
        told = {part.path: (part, held) for part, held in parts}
        for part, held in told.values():
            yield unreached(part, phase, held.subject, Kind.CALL, "no call returned")


def _asking(built: Built, key: ObjectKey) -> Iterator[Checked]:
    """What came of the scripts that ask for a function's shape."""
    for script in built.work.suite.scripts:
        names = {(one.schema, one.name) for one in _asked(script)}
        if (key.schema, key.name) in names and built.work.suite.refusal(script) is None:
            built.work.run(script, built.session)
            yield from built.work.checked[script.test.source.path]


def _asked(script: TestScript) -> Iterator[ResultOf]:
    columns = (shape for statement in script.test.statements for _, shape in statement.columns)
    return (shape for shape in columns if isinstance(shape, ResultOf))


def _uncalled(suite: Suite) -> Iterator[Look]:
    called = {each.key for each in suite.every} | suite.shapes.asked_for
    for result in chain.from_iterable(uncalled(suite.project, suite.applied, called).values()):
        function = result.subject.removeprefix("function ").removesuffix("()")
        yield Look(WHOLE_SHAPE, result.phase, result.place, partial(_as_it_is, result), function)


def _as_it_is(result: Result, _: Built) -> tuple[Result]:
    return (result,)


def _subject(script: TestScript, key: str) -> str:
    """What results say of the statement that an assertion's key is of."""
    found = next(one for one in script.statements if key in (str(one.position), one.name))
    return f"{script.test.source.path}: {found.key}"


def _checked(built: Built, path: str) -> tuple[TestScript, Sequence[Checked], str | None]:
    """The script, what came of it, and why it was not run."""
    script = next(one for one in built.work.suite.scripts if one.test.source.path == path)
    reason = built.work.suite.refusal(script)
    if reason is None:
        built.work.run(script, built.session)
    return script, built.work.checked.get(path, ()), reason


def _statement(project: Project, path: str, subject: str, built: Built) -> Iterator[Result]:
    script, found, reason = _checked(built, path)
    if reason is not None:
        yield Result(Outcome.SKIP, Kind.SQL_TEST, script.phase, subject, message=reason)
    told = _told_by_functions(built.work.suite, script.phase)
    for checked in found:
        if checked.result.subject == subject:
            yield checked.result
            yield from (
                one
                for one in pending_in(checked, project.today, built.work.suite.values.target.name)
                if pending_name(one) not in told
            )
            yield from left_of(checked)


def _told_by_functions(suite: Suite, phase: str | None) -> set[tuple[str, str]]:
    """The pending keys that functions tell before a script of this phase could."""
    phases = list(suite.phases)
    before = phases if phase is None else phases[: phases.index(phase) + 1]
    every = (waiting for waiting in pending_of(suite, suite.calls).values() if waiting.phase in before)
    return {(path.rsplit(".", 1)[-1], shape.owner) for waiting in every for path, shape in waiting.keys.items()}


def _rest(path: str, asserted: frozenset[str], built: Built) -> Iterator[Result]:
    script, found, reason = _checked(built, path)
    if reason is not None:
        yield Result(Outcome.SKIP, Kind.SQL_TEST, script.phase, path, message=reason)
    yield from (checked.result for checked in found if checked.result.subject not in asserted)


def _audit(file: AuditFile, phase: str | None, built: Built) -> Sequence[Result]:
    missing = built.work.suite.missing
    if phase is None and missing:
        message = f"phase {missing[0]} is not applied"
        return (Result(Outcome.SKIP, Kind.AUDIT, None, file.name, message=message),)
    return run_audit(built.session, file, phase, Hidden(built.work.suite.project.schemas))
