"""From files to the graph: render each script, read it, order them all."""

from collections.abc import Iterator, Sequence

from nexiom_runner.commands.forked import in_halves
from nexiom_runner.errors import Fault, ScriptError
from nexiom_runner.graph.build import build_graph
from nexiom_runner.graph.model import Graph
from nexiom_runner.project.model import Phase
from nexiom_runner.project.outline import Project, Source
from nexiom_runner.render.render import render_all
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.values import Values
from nexiom_runner.sql.read import read_script
from nexiom_runner.sql.script import Script, ScriptKind


def compile_scripts(project: Project, values: Values) -> Graph:
    """The graph of all scripts. Raises RenderError, else ScriptError, else GraphError, with the faults of all files."""
    files = list(_files(project))
    rendered = render_all((source for _, _, source in files), values, project.macros)
    return build_graph(
        project, _read_all([(text, phase.name, kind) for text, (phase, kind, _) in zip(rendered, files, strict=True)])
    )


def _files(project: Project) -> Iterator[tuple[Phase, ScriptKind, Source]]:
    for phase in project.phases:
        if phase.apply is not None:
            yield phase, "apply", phase.apply
        for source in phase.repeatables:
            yield phase, "repeatable", source
        if phase.backfill is not None:
            yield phase, "backfill", phase.backfill


def _read_all(files: list[tuple[Rendered, str, ScriptKind]]) -> list[Script]:
    halves = in_halves(_read_some, files)
    if faults := [fault for _, found in halves for fault in found]:
        raise ScriptError(*faults)
    return [script for scripts, _ in halves for script in scripts]


def _read_some(files: Sequence[tuple[Rendered, str, ScriptKind]]) -> tuple[list[Script], list[Fault]]:
    scripts: list[Script] = []
    faults: list[Fault] = []
    for rendered, phase, kind in files:
        try:
            scripts.append(read_script(rendered, phase, kind))
        except ScriptError as error:
            faults.extend(error.faults)
    return scripts, faults
