"""The environment templates run in: what they may reach is listed, and every piece of work is counted.

Jinja's sandbox keeps templates from Python's internals; it does not bound them. Here only listed filters, tags,
attributes and functions exist, operators and calls pay for the size of what they make, and loops for each turn.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing

from nexiom_runner.render.filters import ALLOWED_FILTERS, FILTERS, MOST
from nexiom_runner.render.limits import Mistake, Run
from nexiom_runner.render.marks import EMIT, HERE, MADE, NOTE, PLAIN, WORK, Marks, mark
from nexiom_runner.render.rendered import SECRET
from nexiom_runner.render.values import TargetFacts


class Missing(StrictUndefined):
    """An undefined name: any use of it is an error that names it."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return str(self._undefined_hint)
        if isinstance(self._undefined_obj, TargetFacts):
            return f'target has no "{self._undefined_name}"'
        if not isinstance(self._undefined_name, str) or self._undefined_obj is not missing:
            return f'{_kind(self._undefined_obj)} has no "{self._undefined_name}"'
        return f'undefined variable "{self._undefined_name}"'


class Generator(CodeGenerator):
    """Sends `a ~ b` and slices through the environment, which counts them."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """`environment.concatenate((a, b, ))`"""
        self.write("environment.concatenate((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """`environment.counted(x[1:2])` for a slice."""
        sliced = isinstance(node.arg, nodes.Slice)
        if sliced:
            self.write("environment.counted(")
        super().visit_Getitem(node, frame)
        if sliced:
            self.write(")")


class Sandbox(ImmutableSandboxedEnvironment):
    """One for all templates of a project; `run` counts the work of the template being rendered."""

    code_generator_class = Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    run: Run

    def __init__(self, functions: Mapping[str, Any]) -> None:
        super().__init__(
            undefined=Missing, extensions=[Marks], keep_trailing_newline=True, autoescape=False, cache_size=0
        )
        self.run = Run()
        self.filters = {name: self.filters[name] for name in ALLOWED_FILTERS if name in self.filters}
        self.filters |= {name: _counted(made, self) for name, made in FILTERS.items()}
        self.filters |= {HERE: _here, NOTE: _note, EMIT: _emit, PLAIN: _plain, WORK: _work}
        self.globals = {"range": self.globals["range"], "namespace": Namespace, **functions}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """The operator on numbers and on texts and lists of bounded size; no `%` on text."""
        _check_operands(operator, left, right)
        return self.counted(super().call_binop(context, operator, left, right))

    def concatenate(self, parts: tuple[Any, ...]) -> str:
        """`a ~ b` of texts and integers."""
        return str(self.counted("".join(text_of(part) for part in parts)))

    def counted(self, value: Any) -> Any:
        """The value, its size paid for."""
        self.run.pay(len(value) if isinstance(value, str) else 10 * _size(value))
        return value

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of what templates may call, its result paid for."""
        return self.counted(super().call(context, obj, *args, **kwargs))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only what is listed for the kind of object."""
        if attr.startswith("_"):
            return False
        if isinstance(obj, Namespace):
            return True
        return any(isinstance(obj, kind) and attr in names for kind, names in _ATTRIBUTES.items())

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """None: `str.format` is not listed, so it is refused like any other attribute."""
        return None

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """An undefined that says what may not be used."""
        hint = f'"{attribute}" of {_kind(obj)} may not be used in a template'
        return self.undefined(hint, name=attribute, obj=obj, exc=SecurityError)


def text_of(value: Any) -> str:
    """The text an expression yields. Raises Mistake for what is neither text nor an integer."""
    if isinstance(value, Undefined):
        raise Mistake(_message_of(value))
    if type(value) is int or isinstance(value, str):
        text = _digits(value) if isinstance(value, int) else str(value)
        if "‹" in text and len(_SECRET_LIKE.findall(text)) != len(SECRET.findall(text)):
            raise Mistake("template changes the text of a secret", "Write '{{ secret('NAME') }}' as it is.")
        if "\0" in text:
            raise Mistake("expression gives text with NUL, which ends a text for PostgreSQL")
        return text
    hint = "Call it: {{ name() }}." if callable(value) else _HINTS.get(type(value))
    raise Mistake(f"expression gives {_kind(value)}, expected text or an integer", hint)


def _digits(value: int) -> str:
    if value.bit_length() > _MOST_BITS:
        raise Mistake("integer is too large")
    return str(value)


def _counted(function: Callable[..., Any], environment: Sandbox) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        return environment.counted(function(*args, **kwargs))

    return counted


@pass_context
def _here(context: Context, offset: int) -> int:
    """Note where the template is, for messages."""
    _run_of(context).at(context.name or "", offset)
    return offset


@pass_context
def _note(context: Context, offset: int) -> str:
    """The same before a tag, where nothing is written."""
    _run_of(context).at(context.name or "", offset)
    return ""


@pass_context
def _emit(context: Context, found: tuple[int, Any]) -> str:
    """The text of an expression behind a mark of where it stands."""
    return mark(MADE, found[0]) + _checked(context, found)


@pass_context
def _plain(context: Context, found: tuple[int, Any]) -> str:
    """The text of an expression whose output is kept in a value."""
    return _checked(context, found)


def _checked(context: Context, found: tuple[int, Any]) -> str:
    run = _run_of(context)
    run.at(context.name or "", found[0])
    text = text_of(found[1])
    run.pay(len(text))
    return text


@pass_context
def _work(context: Context, amount: int) -> str:
    """Pay for a turn of a loop, the call of a macro, or text kept in a value."""
    _run_of(context).pay(amount)
    return ""


def _run_of(context: Context) -> Run:
    run: Run = context.environment.run  # type: ignore[attr-defined]
    return run


def _message_of(value: Undefined) -> str:
    if not isinstance(value, Missing):  # Jinja makes one that is not ours where `a if b` has no else
        return "inline if has no else, and its condition is false"
    return str(value._undefined_message)


def _check_operands(operator: str, left: Any, right: Any) -> None:
    if operator == "%" and isinstance(left, str):
        raise Mistake('"%" formats text, which a template may not', "Join the parts with ~.")
    if operator == "**" and _bits(left) * _times(right) > _MOST_BITS:
        raise Mistake("integer is too large")
    if operator == "*" and isinstance(left, int) and isinstance(right, int):
        if _bits(left) + _bits(right) > _MOST_BITS:
            raise Mistake("integer is too large")
    elif operator == "*" and _size(left) * _times(left) * _size(right) * _times(right) > MOST:
        raise Mistake("value is too large")


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 64


def _size(value: Any) -> int:
    """Characters or items; 1 for what holds neither."""
    return len(value) if isinstance(value, str | list | tuple | dict) else 1


def _times(value: Any) -> int:
    return abs(value) if isinstance(value, int) else 1


def _kind(value: Any) -> str:
    if callable(value):
        return "a function"
    return _KINDS.get(type(value), f"a {type(value).__name__}")


_MOST_BITS = 4_096
_SECRET_LIKE = re.compile("‹secret", re.IGNORECASE)
_KINDS: dict[type, str] = {
    type(None): "nothing (none)",
    bool: "true or false",
    int: "an integer",
    float: "a fraction",
    str: "a text",
    tuple: "several values",
    list: "a list",
    dict: "a mapping",
    range: "a range",
}
_HINTS: dict[type, str] = {
    type(None): "Give it a value, or leave the expression out with {% if … %}.",
    bool: "Write {{ 'true' if … else 'false' }}.",
    float: "Write it as a text: '1.5'.",
    tuple: "Write each value in an expression of its own: {{ a }}, {{ b }}.",
    list: "Join its items: {{ … | join(', ') }}.",
    range: "Join its items: {{ … | join(', ') }}.",
}
_TEXT = "capitalize count endswith find isalnum isalpha isdigit islower isupper lower lstrip removeprefix removesuffix"
_LOOP = "index index0 revindex revindex0 first last length previtem nextitem cycle changed depth depth0"
_ATTRIBUTES: dict[type, frozenset[str]] = {
    str: frozenset([*_TEXT.split(), "rsplit", "rstrip", "split", "startswith", "strip", "title", "upper"]),
    dict: frozenset({"items", "keys", "values", "get"}),
    list: frozenset({"index", "count"}),
    tuple: frozenset({"index", "count"}),
    LoopContext: frozenset(_LOOP.split()),
    TargetFacts: frozenset({"name", "embedded", "protected"}),
}
