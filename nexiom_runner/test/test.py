"""The tests of a project on a database: calls in force, then scripts, phase by phase; nothing they do remains."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from nexiom_runner.database.session import Session
from nexiom_runner.errors import Place, UnavailableError
from nexiom_runner.project.in_force import CallInForce, ObjectKey, calls_in_force, object_keys
from nexiom_runner.project.model import Project
from nexiom_runner.render.secrets import Secrets, redact
from nexiom_runner.render.values import Values
from nexiom_runner.results import Difference, Kind, Outcome, Result
from nexiom_runner.sql.script import Script
from nexiom_runner.test.calls import look, name_of, passed_over, roles_of
from nexiom_runner.test.pending import Waiting
from nexiom_runner.test.prepare import Prepared, Ready, Unready, prepare, shown_function
from nexiom_runner.test.reached import Reached, Shapes, shapes_in_force, unreached
from nexiom_runner.test.scripts import Checked, TestScript, run_script, skipped

NOT_APPLIED = "the phase is not applied"


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
) -> Iterator[Result]:
    """Results of `phases`, in their order, with the calls in force at the phases `applied` (in order of application).

    A phase that is not applied is SKIP. A script that names no phase runs behind the last, once all are applied. On
    a protected target only STABLE and IMMUTABLE functions are called, READ ONLY, and no script runs. `today` is the
    day in UTC; `reached` is shared by all calls of this in one run, `sources` are the scripts applied, in order.
    Everything is rolled back; no result holds the value of a secret. A lost connection is an ERROR of each check it
    leaves undone. Raises ServerError where the catalog cannot be read.
    """
    stage = _Stage(session, project, applied, phases, scripts, values, today, reached, sources)
    for result in stage.run():
        yield _hidden(result, values.secrets)


test.__test__ = False  # type: ignore[attr-defined]  # for pytest, where a test imports it


@dataclass(frozen=True, slots=True)
class _Stage:
    """What all tests of one run share; `told` holds the pending keys already reported, by name and owner."""

    session: Session
    project: Project
    applied: Sequence[str]
    phases: Sequence[str]
    scripts: Sequence[TestScript]
    values: Values
    today: date
    reached: Reached
    sources: Sequence[Script]
    told: dict[tuple[str, str], None] = field(default_factory=dict)

    def run(self) -> Iterator[Result]:
        every = calls_in_force(self.project, self.applied)
        calls = [each for each in every if each.phase in set(self.phases)]
        prepared = self.prepared(calls)
        names = _names(calls)
        shapes = shapes_in_force(self.project, self.applied, every, self.scripts)
        waiting = _waiting(calls, names)
        ready = dict(zip(map(id, calls), prepared.calls, strict=True))
        by_phase = _by_phase(calls)
        uncalled = _uncalled(self.project, self.applied, {each.key for each in every} | shapes.asked_for)
        later = _by_phase(calls_in_force(self.project, [p for p in self.phases if p not in self.applied]))
        for phase in self.phases:
            for each in by_phase.get(phase, ()):
                yield from self.call(each, ready[id(each)], prepared, names[each.key], waiting[each.key])
            yield from uncalled.get(phase, ())
            for keys in waiting.values():
                if keys.phase == phase:
                    yield from self.pending(keys)
            for each in later.get(phase, ()):
                yield from passed_over(each, name_of(each), NOT_APPLIED)
            for script in self.scripts:
                if script.phase == phase:
                    yield from self.script(script, shapes)
            yield from self.reached.results(phase, shapes)
        yield from self.of_no_phase(shapes)

    def prepared(self, calls: Sequence[CallInForce]) -> Prepared:
        roles = {role for each in calls for role in roles_of(each) if role is not None}
        if not calls:
            return Prepared((), {})
        try:
            return prepare(self.session, calls, roles, self.values.secrets)
        except UnavailableError as error:
            lost = Unready(error.faults[0].message)
            return Prepared(tuple(lost for _ in calls), {})

    def call(
        self, each: CallInForce, ready: Ready | Unready, prepared: Prepared, name: str, waiting: Waiting
    ) -> Iterator[Result]:
        target = self.values.target
        if target.protected and target.name not in each.call.on and not _is_read_only(ready):
            reason = f'the function is volatile and "{target.name}" is protected; on: [{target.name}] would call it'
            yield from passed_over(each, name, reason)
            return
        for looked in look(self.session, each, ready, prepared, name, self.sources):
            passed = looked.result.outcome is Outcome.PASS
            waiting.see(looked.pending, failed=not passed)
            if looked.compared:
                self.reached.see(each.key, looked.seen, matched=passed)
            yield looked.result

    def pending(self, waiting: Waiting) -> Iterator[Result]:
        for result in waiting.results(self.today):
            self.told[_pending_name(result)] = None
            yield result

    def script(self, script: TestScript, shapes: Shapes) -> Iterator[Result]:
        if script.phase is not None and script.phase not in self.applied:
            yield from skipped(script, NOT_APPLIED)
        elif self.values.target.protected:
            yield from skipped(script, f'"{self.values.target.name}" is protected')
        else:
            known = {name: shape for name, (_, shape) in shapes.by_name.items()}
            for checked in run_script(self.session, script, self.values.secrets, known, self.sources):
                yield checked.result
                yield from self.seen(checked)
                yield from self.reached_by(checked, shapes)

    def seen(self, checked: Checked) -> Iterator[Result]:
        """The pending keys of an asserted statement that no function has told already."""
        if checked.shape is None:
            return
        result = checked.result
        waiting = Waiting(result.phase, result.subject, result.subject)
        waiting.expect(checked.shape)
        waiting.see(checked.pending, failed=result.outcome is not Outcome.PASS)
        for one in waiting.results(self.today):
            if _pending_name(one) not in self.told:
                self.told[_pending_name(one)] = None
                yield one

    def reached_by(self, checked: Checked, shapes: Shapes) -> Iterator[Result]:
        """Take note of what a statement reached of functions' shapes; SKIP for what it left of its own."""
        passed = checked.result.outcome is Outcome.PASS
        for asked, seen in checked.asked:
            self.reached.see(shapes.by_name[asked.schema, asked.name][0], seen, matched=passed)
        if passed:
            for part in checked.unseen:
                phase, subject = checked.result.phase, checked.result.subject
                yield unreached(part, phase, subject, Kind.SQL_TEST, "the statement did not return")

    def of_no_phase(self, shapes: Shapes) -> Iterator[Result]:
        """Scripts that name no phase: behind the last phase applied once all are; SKIP in a test of all before that."""
        everything = {phase.name for phase in self.project.phases}
        complete = everything <= set(self.applied)
        last = self.applied[-1:] and self.applied[-1] in self.phases
        if not (last if complete else everything <= set(self.phases)):
            return
        missing = [phase.name for phase in self.project.phases if phase.name not in self.applied]
        for script in self.scripts:
            if script.phase is None:
                reason = "" if complete else f"phase {missing[0]} is not applied"
                yield from self.script(script, shapes) if complete else skipped(script, reason)
        yield from self.reached.results(None, shapes)


def _waiting(calls: Sequence[CallInForce], names: Mapping[ObjectKey, str]) -> dict[ObjectKey, Waiting]:
    """The pending keys of each function, told under the phase of its last call."""
    made: dict[ObjectKey, Waiting] = {}
    for each in calls:
        says = f"{shown_function(each.key.schema, each.key.name)}()"
        subject = f"function {names[each.key] if '(' in names[each.key] else says}"
        one = made.setdefault(each.key, Waiting(each.phase, subject, says))
        one.phase = each.phase
        if each.call.raises is None:
            one.expect(each.result)
    return made


def _uncalled(project: Project, applied: Sequence[str], called: Collection[ObjectKey]) -> dict[str, list[Result]]:
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


def _by_phase(calls: Sequence[CallInForce]) -> dict[str, list[CallInForce]]:
    made: dict[str, list[CallInForce]] = {}
    for each in calls:
        made.setdefault(each.phase, []).append(each)
    return made


def _is_read_only(ready: Ready | Unready) -> bool:
    return isinstance(ready, Unready) or ready.read_only


def _names(calls: Sequence[CallInForce]) -> dict[ObjectKey, str]:
    """What each function is called: with its types where the project calls overloads of it."""
    keys = list(dict.fromkeys(each.key for each in calls))
    plain = [(key.schema, key.name) for key in keys]
    first = {each.key: each for each in calls}
    return {key: name_of(first[key], plain.count((key.schema, key.name)) > 1) for key in keys}


def _pending_name(result: Result) -> tuple[str, str]:
    """A key's own name and its owner: a function and a script that selects from it speak of the same work."""
    return (result.attribute or "").rsplit(".", 1)[-1], result.owner or ""


def _hidden(result: Result, secrets: Secrets) -> Result:
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
