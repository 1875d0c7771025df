"""The first stages of every command, read in one place: project, render, sql, graph; or what was kept of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from nexiom_runner.commands.remembered import cache_folder, content_key, keep, key_of, pack, recall, unpack
from nexiom_runner.commands.request import Request
from nexiom_runner.graph.model import Graph
from nexiom_runner.project.model import Project, Target
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
class _Kept:
    """What was kept of a project: quickly read what every command needs, packed what most look at."""

    settings: Project
    packed: bytes

    def whole(self) -> Project:
        project: Project = unpack(self.packed)
        return project


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
    root = find_project(request)
    return _read(request, root, content_key(root)).whole()


def prepare(request: Request) -> Prepared:
    """Read, render, split and order the project. Raises the error of the stage that found faults, with all of them."""
    root = find_project(request)
    content = content_key(root)
    kept = _read(request, root, content)
    target = resolve_target(kept.settings, request.target, request.environ)
    values = make_values(kept.settings, target.name, dict(request.variables), request.environ)
    given = repr((sorted(values.var.items()), sorted(values.env.items()), values.target))
    graph = _remembered(request, root, (content, "graph", given), lambda: _compile(kept.whole(), values))
    return Prepared(kept.settings, target, values, graph, kept.whole)


def _read(request: Request, root: Path, content: str) -> _Kept:
    def load() -> _Kept:
        project = _late("nexiom_runner.project.load").load_project(root)
        return _Kept(replace(project, phases=(), audits=(), sql_tests=(), macros=()), pack(project))

    kept: _Kept = _remembered(request, root, (content, "project"), load)
    return kept


def _compile(project: Project, values: Values) -> Graph:
    """Every script rendered, split and ordered; the faults of all of them at once."""
    compiled: Graph = _late("nexiom_runner.commands.compiling").compile_scripts(project, values)
    return compiled


def _remembered(request: Request, root: Path, parts: tuple[str, ...], make: Callable[[], Any]) -> Any:
    """What was kept of the same content, so that a second run meets neither YAML nor Jinja; else made and kept."""
    folder, key = cache_folder(request.environ), key_of(*parts)
    value = recall(folder, key)
    if value is None:
        value = make()
        if content_key(root) == parts[0]:  # a file saved meanwhile may have been read before or after
            keep(folder, key, value)
    return value


def _late(module: str) -> Any:
    """Import at the command's border, only when needed: YAML, Jinja and the parsers are a second run's largest cost."""
    return import_module(module)
