"""What comes of comparing one attribute, before it is told as a Result."""

from collections.abc import Collection, Iterable

from nexiom_runner.catalog.model import Name
from nexiom_runner.catalog.names import quoted, shown
from nexiom_runner.errors import ServerReport, record
from nexiom_runner.project.names import nearest
from nexiom_runner.results import Difference, Outcome

UNDEFINED = ("42704", "3F000", "42P01")  # a type, schema or relation that is not there


@record
class Judgement:
    """The outcome of one comparison and what to say of it."""

    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    message: str | None = None
    fix: str | None = None


PASSED = Judgement(Outcome.PASS)


def differs(
    path: str, expected: str | None, found: str | None, note: str | None = None, fix: str | None = None
) -> Judgement:
    """FAIL of one attribute."""
    return Judgement(Outcome.FAIL, (Difference(path, expected, found, note),), fix=fix)


def exactly_named(items: str, live: Iterable[str], named: Collection[str]) -> Judgement:
    """No `items` (columns, triggers) but those that are named."""
    extra = [quoted(name) for name in live if name not in named]
    if not extra:
        return PASSED
    fix = f"state {', '.join(extra)} under {items}, or drop what nobody needs"
    return Judgement(Outcome.FAIL, tuple(Difference(f"{items} {name}", None, name) for name in extra), fix=fix)


def unreadable(path: str, expected: str, found: str | None, fault: ServerReport, near: str | None) -> Judgement:
    """What the server refused to read: FAIL where it names a type that is not there, else ERROR."""
    if fault.sqlstate in UNDEFINED:
        hint = f'; did you mean "{near}"?' if near else ""
        return differs(path, expected, found, f"{fault.message}{hint}")
    if fault.sqlstate == "42501":
        return Judgement(Outcome.ERROR, message=f"{path} cannot be compared: {fault.message}", fix=right_for(fault))
    return Judgement(Outcome.ERROR, message=f"{path} cannot be evaluated: {fault.message} in `{expected}`")


def near_name(name: Name, nearby: Iterable[Name]) -> str | None:
    """The name that was meant: the same one in another schema, else the one spelt most like it in the same schema."""
    names = list(nearby)
    for other in names:
        if other[1] == name[1] and other != name:
            return shown(other)
    same_schema = {other[1]: other for other in names if other[0] == name[0]}
    elsewhere = {other[1]: other for other in names}
    for words in (same_schema, elsewhere):
        found = nearest(name[1], words)
        if found is not None:
            return shown(words[found])
    return None


def did_you_mean(near: str | None) -> str | None:
    """A note that names it."""
    return None if near is None else f'did you mean "{near}"?'


def right_for(fault: ServerReport) -> str | None:
    """The grant that would help where the server says what is missing."""
    kind, _, name = fault.message.removeprefix("permission denied for ").partition(" ")
    right = {"schema": "usage", "table": "select", "view": "select", "function": "execute", "sequence": "select"}.get(
        kind
    )
    return f"grant {right} on {kind.replace('view', 'table')} {name} to the role that audits;" if right else None
