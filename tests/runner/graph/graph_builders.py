"""Projects of phases and scripts in a few words."""

import hashlib

from nexiom_runner.errors import Place
from nexiom_runner.graph.build import build_graph
from nexiom_runner.graph.model import Graph
from nexiom_runner.project.model import Phase, Project, Source, Text
from nexiom_runner.render.render import render
from nexiom_runner.render.rendered import Rendered
from nexiom_runner.render.values import Values
from nexiom_runner.sql.read import read_script
from nexiom_runner.sql.script import Script, ScriptKind


def source(path: str, text: str) -> Source:
    return Source(path, text, hashlib.sha256(text.encode()).hexdigest())


def script(key: str, text: str) -> Script:
    """`key` is "01_core/apply.sql", "01_core/backfill.sql" or "01_core/repeatable/f.sql"; {{ batch }} renders."""
    kinds: dict[str, ScriptKind] = {"apply.sql": "apply", "backfill.sql": "backfill"}
    phase, _, file = key.partition("/")
    made = source(f"phases/{key}", text)
    rendered = render(made, Values()) if "{{" in text else Rendered(made, text)  # as it is, secrets of a test too
    return read_script(rendered, phase, kinds.get(file, "repeatable"))


def phase(
    name: str, *, needs: tuple[str, ...] = (), tags: tuple[str, ...] = (), renamed_from: str | None = None
) -> Phase:
    settings = source(f"phases/{name}/phase.yml", f"needs: [{', '.join(needs)}]")
    places = [Place(settings.path, 1, settings.text.index(need) + 1) for need in needs]
    return Phase(
        name=name,
        number=(int(name[:2]), ""),
        path=f"phases/{name}",
        title=name,
        owner=None,
        tags=tags,
        needs=tuple(map(Text, needs, places)),
        renamed_from=Text(renamed_from, Place(settings.path, 1)) if renamed_from else None,
        apply=None,
        repeatables=(),
        revert=None,
        tables=(),
        functions=(),
        settings=settings,
    )


def project(*phases: Phase) -> Project:
    empty = source("nexiom.yml", "")
    return Project("/p", "p", "1", empty, ("public",), {}, (), (), (), "local", {}, phases, (), (), ())


def graph(scripts: dict[str, str], *phases: Phase) -> Graph:
    """The graph of scripts by key; phases not given are made of the keys."""
    named = {each.name: each for each in phases}
    names = sorted({key.partition("/")[0] for key in scripts} | named.keys())
    whole = project(*(named.get(name) or phase(name) for name in names))
    return build_graph(whole, [script(key, text) for key, text in scripts.items()])


def order(made: Graph) -> list[str]:
    return [each.key for each in made.scripts]
