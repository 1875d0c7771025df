"""The first stages of every command, read in one place: project, render, sql, graph; or what was kept of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from nexiom_runner.commands.remembered import cache_folder, content_key, keep, key_of, pack, recall, unpack
from nexiom_runner.commands.request import Request
from nexiom_runner.graph.model import Graph
from nexiom_runner.project.outline import Project, Target
from nexiom_runner.project.targets import resolve_target
from nexiom_runner.render.values import Values, make_values


@dataclass(frozen=True)
class Prepared:
    """A project read, rendered and ordered for one target; no server was asked.

    `settings` is the project without its phases and checks: all that a command with nothing to do looks at.
    """

    settings: Project
    target: Target
    values: Values
    graph: Graph
    whole: Callable[[], Project]

    @cached_property
    def project(self) -> Project:
        """The project with all of it."""
        return self.whole()


@dataclass(frozen=True, slots=True)
class _Read:
    """A project as read or as kept: `whole` unpacks what most commands with nothing to do never look at."""

    settings: Project
    whole: Callable[[], Project]


def find_project(request: Request) -> Path:
    """The project's folder: --project-dir, or the nearest one upwards that holds nexiom.yml. Raises ProjectError."""
    start = request.project_dir or Path.cwd()
    if (start / "nexiom.yml").is_file():
        return start.absolute()
    load = _late("nexiom_runner.project.load")
    if request.project_dir is not None:
        load.load_project(start)  # says that there is none
    found: Path = load.find_root(start)
    return found


def read_project(request: Request) -> Project:
    """The project as its files say. Raises ProjectError with every fault."""
    return _read(request, find_project(request))[1].whole()


def prepare(request: Request) -> Prepared:
    """Read, render, split and order the project. Raises the error of the stage that found faults, with all of them."""
    content, read = _read(request, find_project(request))
    target = resolve_target(read.settings, request.target, request.environ)
    values = make_values(read.settings, target.name, dict(request.variables), request.environ)
    given = repr((sorted(values.var.items()), sorted(values.env.items()), values.target))
    graph = _remembered(request, (content, "graph", given), lambda: _compile(read.whole(), values))
    return Prepared(read.settings, target, values, graph, read.whole)


def _read(request: Request, root: Path) -> tuple[str, _Read]:
    """The project, and the key of the very files it was read from; "" where one of them was saved meanwhile."""
    content = content_key(root)
    kept = recall(cache_folder(request.environ), key_of(content, "project"))
    if kept is not None:
        return content, _Read(kept[0], partial(unpack, kept[1]))
    project: Project = _late("nexiom_runner.project.load").load_project(root)
    settings = replace(project, phases=(), audits=(), sql_tests=(), macros=(), fixtures={})
    if content_key(root) != content:
        return "", _Read(settings, lambda: project)
    keep(cache_folder(request.environ), key_of(content, "project"), (settings, pack(project)))
    return content, _Read(settings, lambda: project)


def _compile(project: Project, values: Values) -> Graph:
    """Every script rendered, split and ordered; the faults of all of them at once."""
    compiled: Graph = _late("nexiom_runner.commands.compiling").compile_scripts(project, values)
    return compiled


def _remembered(request: Request, parts: tuple[str, ...], make: Callable[[], Any]) -> Any:
    """What was kept of the same content, so that a second run meets neither YAML nor Jinja; else made and kept."""
    folder, key = cache_folder(request.environ), key_of(*parts)
    value = recall(folder, key) if parts[0] else None
    if value is None:
        value = make()
        if parts[0]:
            keep(folder, key, value)
    return value


def _late(module: str) -> Any:
    """Import at the command's border, only when needed: YAML, Jinja and the parsers are a second run's largest cost."""
    return import_module(module)
