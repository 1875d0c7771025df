"""GitHub's annotations: workflow commands that stand at the line, at most ten of a type a step.

https://docs.github.com/actions/reference/workflow-commands; what is beyond ten is dropped there without a word, so the
tenth says how many more there are.
"""

from collections.abc import Iterable, Sequence

from nexiom_runner.report.annotations import severity_of, text_of, title_of
from nexiom_runner.report.words import count
from nexiom_runner.results import Result

MOST = 10  # annotations of one type in one step
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render_github(results: Iterable[Result], *, prefix: str = "") -> str:
    """A line for each finding; `prefix` is the project's folder within the repository ("db/")."""
    everything = list(results)
    lines: list[str] = []
    for severity, command in _COMMANDS.items():
        lines += _limited(command, [one for one in everything if severity_of(one) == severity], prefix)
    return "".join(f"{line}\n" for line in lines)


def _limited(command: str, results: Sequence[Result], prefix: str) -> list[str]:
    if len(results) <= MOST:
        return [_line(command, one, prefix) for one in results]
    left = len(results) - MOST + 1
    shown = [_line(command, one, prefix) for one in results[: MOST - 1]]
    more = f"{count(left, f'more {command}')} not shown here: GitHub shows {MOST} of a type in a step"
    return [*shown, f"::{command} title=nexiom::{_data(f'{more}. The log and the report have them all.')}"]


def _line(command: str, result: Result, prefix: str) -> str:
    fields = {"title": title_of(result)}
    if result.place is not None:
        column = result.place.column
        fields = {
            "file": f"{prefix}{result.place.path}",
            "line": str(result.place.line),
            "col": str(column),
            "endColumn": str(column + result.width),
            **fields,
        }
    said = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
    return f"::{command} {said}::{_data(text_of(result))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
