"""Names in calls and fixtures that another file must know: users declared once, files of fixtures/, secrets."""

from collections.abc import Iterable, Iterator

from nexiom_runner.errors import Fault, with_source
from nexiom_runner.project.arguments import SECRET
from nexiom_runner.project.calling import Rows, User
from nexiom_runner.project.fixtures import FOLDER
from nexiom_runner.project.model import CallExpectation, Given, Phase, Project, Source
from nexiom_runner.project.names import unknown, width
from nexiom_runner.tree import Mapping, Node, Scalar


def check_call_references(project: Project, faults: list[Fault], *, settings_stand: bool) -> None:
    """Faults for a user declared twice, a file of fixtures/ that is not there, and where nexiom.yml itself stands, for
    a secret it does not list."""
    _check_users(project, faults)
    for source, where, given in _given(project):
        faults.extend(with_source(fault, source.text) for fault in _unknown_files(given, where, project))
    for source, where, node in _values(project) if settings_stand else ():
        for secret in _secrets_in(node):
            if secret.text not in project.secrets:
                faults.append(with_source(_unlisted(secret, project, where), source.text))


def _check_users(project: Project, faults: list[Fault]) -> None:
    first: dict[str, User] = {}
    sources = [(project.settings, project.users)]
    sources += [(phase.settings, phase.users) for phase in project.phases if phase.settings]
    for source, users in sources:
        for user in users:
            before = first.setdefault(user.name, user)
            if before is not user:
                fault = Fault(
                    f'user "{user.name}" is declared twice',
                    user.place,
                    width=len(user.name),
                    detail=f"The first is at {before.place}.",
                    hint="A user is known in every phase: keep one of them.",
                )
                faults.append(with_source(fault, source.text))


def _given(project: Project) -> Iterator[tuple[Source, str, Iterable[Given]]]:
    """What is given anywhere, with the file that says so and its words for it."""
    for phase in project.phases:
        if phase.settings is not None:
            yield phase.settings, 'in "given"', phase.given
            for where, call in _calls(phase):
                yield phase.settings, where, call.given
    for name, fixture in project.fixtures.items():
        yield fixture.source, f'in "{FOLDER}/{name}"', fixture.tables


def _calls(phase: Phase) -> Iterator[tuple[str, CallExpectation]]:
    for function in phase.functions:
        for call in function.calls:
            yield f'in call "{call.name}" of function "{function.name}"', call


def _unknown_files(given: Iterable[Given], where: str, project: Project) -> Iterator[Fault]:
    for one in given:
        named = one.file if isinstance(one, Rows) else Scalar(one.value, one.place)
        if named is not None and named.text not in project.fixtures:
            ending = named.text[-4:]
            alike = [name for name in project.fixtures if name.endswith(ending)]
            fault = unknown("fixture", named, alike, where)
            hint = fault.hint or f"Write {FOLDER}/{named.text}."
            yield Fault(fault.message, named.place, width=width(named), hint=hint)


def _values(project: Project) -> Iterator[tuple[Source, str, Node]]:
    """Every value that may hold a secret: arguments, claims, rows."""
    for user in project.users:
        yield from ((project.settings, f'in user "{user.name}"', value) for value in user.claims.values())
    for phase in project.phases:
        if phase.settings is None:
            continue
        for user in phase.users:
            yield from ((phase.settings, f'in user "{user.name}"', value) for value in user.claims.values())
        for where, call in _calls(phase):
            for one in (call, *call.each):
                arguments = one.arguments if one is call or one.arguments is not call.arguments else {}
                claims = one.user.claims if one.user is not None and one is call else {}
                yield from ((phase.settings, where, value) for value in (*arguments.values(), *claims.values()))
    for source, where, given in _given(project):
        yield from ((source, where, row) for one in given if isinstance(one, Rows) for row in one.rows)


def _unlisted(secret: Scalar, project: Project, where: str) -> Fault:
    fault = unknown("secret", secret, project.secrets, where)
    hint = fault.hint or f"List it in nexiom.yml: secrets: [{secret.text}]"
    return Fault(fault.message, fault.place, width=fault.width, hint=hint)


def _secrets_in(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        return
    if not isinstance(node, Mapping):
        for item in node.items:
            yield from _secrets_in(item)
        return
    for key, value in node.entries:
        if key.text == SECRET and isinstance(value, Scalar):
            yield value
        else:
            yield from _secrets_in(value)
