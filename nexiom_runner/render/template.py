"""Templates rendered: macros made known, functions provided, mistakes told with their place. The home of Jinja."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jinja2 import Template
from jinja2.runtime import Macro

from nexiom_runner.errors import Fault, RenderError
from nexiom_runner.project.durations import INTERVAL
from nexiom_runner.project.names import did_you_mean
from nexiom_runner.project.outline import Source
from nexiom_runner.render.explain import Known, explain, fault_at
from nexiom_runner.render.filters import ALLOWED_FILTERS, FILTERS
from nexiom_runner.render.limits import Mistake, Run
from nexiom_runner.render.marks import cut_marks
from nexiom_runner.render.quoting import quote_literal
from nexiom_runner.render.rendered import BATCH, Rendered
from nexiom_runner.render.sandbox import Sandbox
from nexiom_runner.render.secrets import opaque
from nexiom_runner.render.values import Values


class Templates:
    """The macros and values of a project, ready to render its sources. Made by `load_templates`."""

    def __init__(self, environment: Sandbox, macros: Mapping[str, Any], known: Known) -> None:
        self._environment = environment
        self._macros = macros
        self._known = known

    def render(self, source: Source) -> Rendered:
        """The source rendered. Raises RenderError with the mistake and its place."""
        environment = self._environment
        environment.run = Run()
        try:
            output = _compile(environment, source, self._macros).render()
        except Exception as error:  # whatever a template does wrong, Python's own exceptions included, is the user's
            files = {**self._known.files, source.path: source}
            raise RenderError(explain(error, source, environment.run, replace(self._known, files=files))) from None
        return Rendered(source, *cut_marks(output, source.text))


def load_templates(values: Values, macros: Sequence[Source]) -> Templates:
    """Macros by their names, all known to each other and to every script.

    Raises RenderError: a name defined twice or one of ours, text outside of a macro, syntax.
    """
    environment = Sandbox(_functions(values))
    shared: dict[str, Any] = dict(environment.globals)
    owners: dict[str, Source] = {}
    known = Known({one.path: one for one in macros}, list(shared), list(values.var), [*ALLOWED_FILTERS, *FILTERS])
    faults: list[Fault] = []
    for source in macros:
        try:
            faults.extend(_add_macros(environment, source, shared, owners))
        except Exception as error:  # as above
            faults.append(explain(error, source, environment.run, known))
    if faults:
        raise RenderError(*faults)
    return Templates(environment, {name: shared[name] for name in owners}, replace(known, names=list(shared)))


def _functions(values: Values) -> dict[str, Callable[..., Any] | Any]:
    def var(name: str) -> str | int:
        """The variable of nexiom.yml or --var."""
        found: str | int = _looked_up("variable", name, values.var, "vars")
        return found

    def env(name: str, default: str | None = None) -> str:
        """The listed environment variable, or the default where it is not set."""
        value = _looked_up("environment variable", name, values.env, "env")
        found = default if value is None else value
        if found is None:
            raise Mistake(f'environment variable "{name}" is not set', f"Set it, or write env('{name}', 'a default').")
        return found

    def secret(name: str) -> str:
        """What stands for the listed secret until it is sent."""
        _looked_up("secret", name, values.secrets, "secrets")
        return opaque(name)

    return {"var": var, "env": env, "secret": secret, "target": values.target, "batch": BATCH, **TIMES}


def _ago(interval: str) -> str:
    """A time before the transaction's own."""
    return f"(now() - {_interval('ago', interval)})"


def _ahead(interval: str) -> str:
    """A time after the transaction's own."""
    return f"(now() + {_interval('ahead', interval)})"


def _interval(function: str, text: Any) -> str:
    if not isinstance(text, str) or not INTERVAL.fullmatch(text):
        hint = f"Write it like {function}('2 hours'), {function}('3 days 12 hours') or {function}('00:30')."
        raise Mistake(f'{function}() expects an interval, found "{text}"', hint)
    return f"interval {quote_literal(text)}"


TIMES = {"ago": _ago, "ahead": _ahead}


def _looked_up(kind: str, name: Any, known: Mapping[str, Any], key: str) -> Any:
    if not isinstance(name, str) or name not in known:
        hint = did_you_mean(str(name), known) or f"List it under {key}: in nexiom.yml."
        raise Mistake(f'unknown {kind} "{name}"', hint)
    return known[name]


def _compile(environment: Sandbox, source: Source, known: Mapping[str, Any]) -> Template:
    code = environment.compile(source.text, source.path, source.path)
    return Template.from_code(environment, code, {**environment.globals, **known})


def _add_macros(
    environment: Sandbox, source: Source, shared: dict[str, Any], owners: dict[str, Source]
) -> Iterator[Fault]:
    """Run a macro file and make its macros known; `shared` is seen by all, so a macro may call one of a later file."""
    environment.run = Run()
    module = _compile(environment, source, {}).make_module(shared, shared=True)
    made = {name: value for name, value in vars(module).items() if isinstance(value, Macro)}
    for name, value in sorted(made.items()):
        yield from _clash(environment, source, name, owners)
        shared[name] = value
        owners.setdefault(name, source)
    outside = str(module).strip()
    if outside:
        offset = max(source.text.find(outside.split("\n", 1)[0]), 0)
        yield fault_at(source, offset, "text outside of a macro", "Put it into a {% macro %}.")


def _clash(environment: Sandbox, source: Source, name: str, owners: Mapping[str, Source]) -> Iterator[Fault]:
    offset = _defined_at(source, name)
    if name in owners:
        hint = f"{owners[name].path} defines it too; macros are known by their names alone."
        yield fault_at(source, offset, f'macro "{name}" is defined twice', hint)
    elif name in environment.globals:
        yield fault_at(source, offset, f'macro "{name}" has the name of a function', "Give it another name.")


def _defined_at(source: Source, name: str) -> int:
    found = list(re.finditer(rf"\{{%[-+]?\s*macro\s+{re.escape(name)}\b", source.text))
    return found[-1].start() if found else 0
