"""A function that a later phase defines again with another contract, and says nothing of it."""

from collections.abc import Iterator

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.texts import Argument, Key, Routine, Texts


def find(texts: Texts) -> Iterator[Found]:
    """The same types of input in a later phase, with other names, defaults, results or security."""
    first: dict[Key, Routine] = {}
    for routine in texts.routines:
        before = first.get(routine.key)
        first[routine.key] = routine
        if before is None or before.read.script.phase == routine.read.script.phase:
            continue
        others = list(_differences(before, routine))
        if others and (routine.read.script.phase, *routine.name) not in texts.stated:
            place = before.read.script.rendered.place(before.read.statement.head)
            message = (
                f"has {', '.join(others)} than in {before.read.script.phase} ({place.path}:{place.line}), "
                f"and {routine.read.script.phase} states nothing of it"
            )
            fix = f"state it under expect.functions in phases/{routine.read.script.phase}/phase.yml"
            yield routine.found("function-redefined", message, fix)


def _differences(before: Routine, now: Routine) -> Iterator[str]:
    if _names(before.arguments) != _names(now.arguments):
        yield "other names of arguments"
    if _defaults(before.arguments) != _defaults(now.arguments):
        yield "other defaults"
    if (before.returns, _columns(before.arguments)) != (now.returns, _columns(now.arguments)):
        yield "another result"
    if before.definer != now.definer:
        yield "other rights"
    if before.volatility != now.volatility:
        yield "another volatility"


def _names(arguments: tuple[Argument, ...]) -> list[str]:
    return [one.name for one in arguments if one.mode not in ("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE")]


def _defaults(arguments: tuple[Argument, ...]) -> list[bool]:
    return [one.default for one in arguments if one.mode not in ("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE")]


def _columns(arguments: tuple[Argument, ...]) -> list[tuple[str, str]]:
    return [(one.name, one.type) for one in arguments if one.mode in ("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE")]
