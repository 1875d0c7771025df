"""What calls and SQL tests reached of the shapes of functions: a part that none reached is told once."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nexiom_runner.project.in_force import CallInForce, ObjectKey, object_keys, results_in_force
from nexiom_runner.project.model import Project, ResultOf
from nexiom_runner.results import Kind, Outcome, Result
from nexiom_runner.shape.model import Shape
from nexiom_runner.shape.parts import Part, Seen, unseen
from nexiom_runner.test.prepare import shown_function
from nexiom_runner.test.scripts import TestScript


@dataclass(frozen=True, slots=True)
class Held:
    """A shape that values of a function are held to; `users` are the phases whose calls and scripts may reach it."""

    key: ObjectKey
    shape: Shape
    subject: str
    users: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes in force of what functions return, by the function's name and by the phases that use them."""

    by_name: Mapping[tuple[str, str], tuple[ObjectKey, Shape]]
    asked_for: frozenset[ObjectKey]  # by scripts
    by_user: Mapping[str | None, Sequence[Held]]


def shapes_in_force(
    project: Project, applied: Sequence[str], calls: Iterable[CallInForce], scripts: Iterable[TestScript]
) -> Shapes:
    """Of the phases applied. A phase that is not applied yet may reach what those before it left."""
    results = results_in_force(project, applied)
    by_name = {(key.schema, key.name): (key, shape) for key, shape in results.items()}
    users: dict[ObjectKey, set[str | None]] = {}
    for phase, key, _ in object_keys(project, [phase.name for phase in project.phases]):
        users.setdefault(key, set()).add(phase)
    asked = {by_name[name][0]: by_name[name][1] for name, _ in _asked_for(scripts) if name in by_name}
    for name, phase_of_script in _asked_for(scripts):
        if name in by_name:
            users[by_name[name][0]].add(phase_of_script)
    held = [(each.key, each.result) for each in calls if each.call.raises is None and each.result is not None]
    names = Counter((key.schema, key.name) for key in results)
    overloaded = {name for name, count in names.items() if count > 1}
    by_user: dict[str | None, list[Held]] = {}
    for key, shape in (*held, *asked.items()):
        one = Held(key, shape, _subject(key, overloaded), frozenset(users[key]))
        for user in one.users:
            by_user.setdefault(user, []).append(one)
    return Shapes(by_name, frozenset(asked), by_user)


@dataclass(slots=True)
class Reached:
    """Kept over all phases of one command, since a later phase may reach what an earlier one left."""

    seen: dict[ObjectKey, set[Seen]] = field(default_factory=dict)
    matched: set[ObjectKey] = field(default_factory=set)
    done: set[str | None] = field(default_factory=set)
    told: set[tuple[ObjectKey, str]] = field(default_factory=set)

    def see(self, key: ObjectKey, seen: Iterable[Seen], *, matched: bool) -> None:
        """What one value reached; whether it was as its shape says."""
        self.seen.setdefault(key, set()).update(seen)
        if matched:
            self.matched.add(key)

    def results(self, phase: str | None, shapes: Shapes) -> Iterator[Result]:
        """SKIP for each part that nothing reached of the shapes whose last user is this phase, which is done now.

        Of a function of which no value was as its shape says, that is told already.
        """
        self.done.add(phase)
        for held in shapes.by_user.get(phase, ()):
            if held.key in self.matched and self.done.issuperset(held.users):
                yield from self._untold(held, phase)

    def _untold(self, held: Held, phase: str | None) -> Iterator[Result]:
        for part in unseen(held.shape, self.seen.get(held.key, ())):
            if (held.key, part.path) not in self.told:
                self.told.add((held.key, part.path))
                yield unreached(part, phase, held.subject, Kind.CALL, "no call returned")


def unreached(part: Part, phase: str | None, subject: str, kind: Kind, nothing: str) -> Result:
    """SKIP for a part of a shape; `nothing` is "no call returned"."""
    message = f"{nothing} {part.what}, so its shape was not looked at"
    return Result(Outcome.SKIP, kind, phase, subject, part.path, place=part.place, message=message)


def _asked_for(scripts: Iterable[TestScript]) -> Iterator[tuple[tuple[str, str], str | None]]:
    """The functions whose shape a script's columns ask for, with the script's phase."""
    for script in scripts:
        for statement in script.test.statements:
            for _, shape in statement.columns:
                if isinstance(shape, ResultOf):
                    yield (shape.schema, shape.name), script.phase


def _subject(key: ObjectKey, overloaded: Collection[tuple[str, str]]) -> str:
    types = ", ".join(key.types or ()) if (key.schema, key.name) in overloaded else ""
    return f"function {shown_function(key.schema, key.name)}({types})"
