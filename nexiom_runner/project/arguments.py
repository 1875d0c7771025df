"""Values that a call is given as JSON: what may stand in them beside plain YAML."""

from nexiom_runner.errors import Fault
from nexiom_runner.project.durations import INTERVAL
from nexiom_runner.project.keys import Faults, expected, is_nothing
from nexiom_runner.project.names import did_you_mean, shown, width
from nexiom_runner.tree import Mapping, Node, Scalar

SECRET, AGO, AHEAD = "$secret", "$ago", "$ahead"
DIRECTIVES = (SECRET, AGO, AHEAD)


def read_argument(key: Scalar, value: Node, where: str, faults: Faults) -> tuple[str, Node]:
    """A name with its value, which is checked."""
    check_value(value, where, faults)
    return key.text, value


def check_value(value: Node, where: str, faults: Faults) -> None:
    """No value left out, and a directive alone in its mapping with what it needs."""
    if isinstance(value, Scalar):
        if is_nothing(value) and not value.text:
            faults.append(expected(value, where, "a value", "Write null where null is meant."))
        return
    if not isinstance(value, Mapping):
        for item in value.items:
            check_value(item, where, faults)
        return
    for key, inner in value.entries:
        check_value(inner, f"{where}.{key.text}", faults)
        if key.text.startswith("$") and key.text not in DIRECTIVES and did_you_mean(key.text, DIRECTIVES):
            message = f'unknown key "{shown(key.text)}" in "{where}"'
            faults.append(Fault(message, key.place, width=width(key), hint=did_you_mean(key.text, DIRECTIVES)))
    _check_directive(value, where, faults)


def directive(value: Node) -> tuple[str, Scalar] | None:
    """`$secret`, `$ago` or `$ahead` with its text, where the value is one."""
    if isinstance(value, Mapping) and len(value.entries) == 1:
        key, inner = value.entries[0]
        if key.text in DIRECTIVES and isinstance(inner, Scalar):
            return key.text, inner
    return None


def _check_directive(value: Mapping, where: str, faults: Faults) -> None:
    for name in DIRECTIVES:
        inner = value.get(name)
        if inner is None:
            continue
        what = "NAME" if name == SECRET else "2 hours"
        if len(value.entries) > 1 or not isinstance(inner, Scalar):
            faults.append(expected(value, where, f"{{{name}: {what}}} and nothing beside it"))
        elif name != SECRET and not INTERVAL.fullmatch(inner.text):
            hint = "Write it like 2 hours, 3 days 12 hours or 00:30."
            faults.append(expected(inner, f"{where}.{name}", "an interval", hint))
