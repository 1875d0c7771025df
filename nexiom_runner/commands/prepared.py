"""The first stages of every command, read in one place: project, render, sql, graph; or what was kept of them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from nexiom_runner.commands.remembered import cache_folder, content_key, keep, recall
from nexiom_runner.commands.request import Request
from nexiom_runner.graph.model import Graph
from nexiom_runner.project.model import Project, Target
from nexiom_runner.project.targets import resolve_target
from nexiom_runner.render.values import Values, make_values


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project read, rendered and ordered for one target; no server was asked."""

    project: Project
    target: Target
    values: Values
    graph: Graph


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
    project: Project = _kept(
        request, content_key(root, "project"), lambda: _late("nexiom_runner.project.load").load_project(root)
    )
    return project


def prepare(request: Request) -> Prepared:
    """Read, render, split and order the project. Raises the error of the stage that found faults, with all of them."""
    project = read_project(request)
    target = resolve_target(project, request.target, request.environ)
    values = make_values(project, target.name, dict(request.variables), request.environ)
    given = [f"{name}={value}" for name, value in sorted({**values.var, **values.env}.items())]
    key = content_key(Path(project.root), "graph", target.name, *given)
    return Prepared(project, target, values, _kept(request, key, lambda: _compile(project, values)))


def _compile(project: Project, values: Values) -> Graph:
    """Every script rendered, split and ordered; the faults of all of them at once."""
    compiled: Graph = _late("nexiom_runner.commands.compiling").compile_scripts(project, values)
    return compiled


def _kept(request: Request, key: str, make: Callable[[], Any]) -> Any:
    """What was kept of the same content, so that a second run meets neither YAML nor Jinja; else made and kept."""
    folder = cache_folder(request.environ)
    value = recall(folder, key)
    if value is None:
        value = make()
        keep(folder, key, value)
    return value


def _late(module: str) -> Any:
    """Import at the command's border, only when needed: YAML, Jinja and the parsers are a second run's largest cost."""
    return import_module(module)
