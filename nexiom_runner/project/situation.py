"""Who makes a call and what is there before it: names of users and of fixture files followed to what they stand for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nexiom_runner.project.calling import Rows, User
from nexiom_runner.project.model import CallExpectation, Fixture, Given, Phase, Project, Source, Text

PUBLIC = frozenset({"public", "PUBLIC"})


def users_of(project: Project) -> dict[str, User]:
    """Every user by name; each is declared once, in nexiom.yml or a phase."""
    return {user.name: user for user in _declared(project)}


def callers_of(
    call: CallExpectation, execute: Iterable[Text] | None, users: Mapping[str, User]
) -> tuple[User | None, ...]:
    """Who makes the call: whom it names, else each role that may execute, else the owner (None)."""
    if call.user is not None:
        return (replace(call.user, name=call.user.role),)
    if call.role is not None:
        return (users.get(call.role.value) or as_role(call.role),)
    stated: dict[str | None, User | None] = {}
    for role in execute or ():
        public = role.value in PUBLIC
        stated.setdefault(None if public else role.value, None if public else as_role(role))
    return tuple(stated.values()) or (None,)


def as_role(role: Text) -> User:
    """A role by itself, with no claims but its name."""
    return User(role.value, role.place, role.value)


def followed(given: Iterable[Given], fixtures: Mapping[str, Fixture]) -> Iterator[Rows | Source]:
    """SQL and rows in their order; a file that is not there is passed over, which reading has told."""
    for one in given:
        if isinstance(one, Rows):
            yield _with_lines(one, fixtures)
        elif one.value in fixtures:
            fixture = fixtures[one.value]
            if one.value.endswith(".sql"):
                yield fixture.source
            yield from (_with_lines(rows, fixtures) for rows in fixture.tables)


def given_before(phase: Phase, call: CallExpectation, fixtures: Mapping[str, Fixture]) -> tuple[Rows | Source, ...]:
    """What the phase gives to each of its calls, then what the call adds."""
    return tuple(followed((*phase.given, *call.given), fixtures)) if phase.given or call.given else ()


def _declared(project: Project) -> Iterator[User]:
    yield from project.users
    for phase in project.phases:
        yield from phase.users


def _with_lines(rows: Rows, fixtures: Mapping[str, Fixture]) -> Rows:
    if rows.file is None or rows.file.text not in fixtures:
        return rows
    return replace(rows, rows=fixtures[rows.file.text].lines)
