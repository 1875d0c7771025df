"""The filters templates may use: those of Jinja that make no more than they are given, and ours."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from jinja2.runtime import Undefined

from nexiom_runner.render.limits import Mistake
from nexiom_runner.render.quoting import quote_identifier, quote_literal

MOST = 4_000_000  # characters or items one filter may make


def ident(value: Any) -> str:
    """The name quoted as an identifier."""
    _refuse_undefined(value)
    if not isinstance(value, str):
        raise Mistake(f'"ident" quotes a name, found {type(value).__name__}')
    try:
        return quote_identifier(value)
    except ValueError as error:
        raise Mistake(str(error)) from None


def literal(value: Any) -> str:
    """The value quoted as a literal."""
    _refuse_undefined(value)
    if value is not None and not isinstance(value, str | int):
        raise Mistake(f'"literal" quotes text, integers, true, false and none, found {type(value).__name__}')
    try:
        return quote_literal(value)
    except ValueError as error:
        raise Mistake(str(error)) from None


def join(value: Iterable[Any], separator: str = "") -> str:
    """The items, texts or integers, with the separator between them."""
    parts = [_text(item, "join") for item in listed(value)]
    _check(sum(map(len, parts)) + len(separator) * len(parts))
    return str(separator).join(parts)


def replace(value: Any, old: str, new: str) -> str:
    """The text with every `old` as `new`."""
    text = _text(value, "replace")
    _check(len(text) + text.count(str(old)) * len(str(new)))
    return text.replace(str(old), str(new))


def listed(value: Iterable[Any]) -> list[Any]:
    """The items as a list."""
    items = list(islice(value, MOST + 1))
    _check(len(items))
    return items


def indent(value: Any, width: int = 4, first: bool = False) -> str:
    """The text with each line but the first (and that too where `first`) moved right; empty lines are left."""
    text = _text(value, "indent")
    _check(len(text) + (text.count("\n") + 1) * max(width, 0))
    pad = " " * width
    lines = text.split("\n")
    moved = [f"{pad}{line}" if line and (first or number) else line for number, line in enumerate(lines)]
    return "\n".join(moved)


def _text(value: Any, filter_name: str) -> str:
    _refuse_undefined(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Mistake(f'"{filter_name}" takes texts and integers, found {type(value).__name__}')
    return str(value)


def _refuse_undefined(value: Any) -> None:
    if isinstance(value, Undefined):
        raise Mistake(str(value._undefined_message))


def _check(size: int) -> None:
    if size > MOST:
        raise Mistake("value is too large")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "ident": ident,
    "literal": literal,
    "join": join,
    "replace": replace,
    "list": listed,
    "indent": indent,
}
_NAMES = """
    abs capitalize count d default dictsort first int items last length lower map max min reject rejectattr reverse
    select selectattr sort sum title trim unique upper
"""
ALLOWED_FILTERS = frozenset(_NAMES.split())
