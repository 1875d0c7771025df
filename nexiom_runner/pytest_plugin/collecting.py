"""The project's files as pytest's nodes: an item a call and role, an asserted statement, an audit."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from nexiom_runner.errors import NexiomError, describe
from nexiom_runner.pytest_plugin import fail_on_words
from nexiom_runner.pytest_plugin.looking import Look, audited, call_looks, script_looks
from nexiom_runner.pytest_plugin.project import Project
from nexiom_runner.pytest_plugin.telling import Failed, fails, tell
from nexiom_runner.results import Outcome, Result

_PROJECT = pytest.StashKey[Project]()
_LOOKS = pytest.StashKey[Mapping[str | None, Sequence[Look]]]()


def project_of(config: pytest.Config, root: Path) -> Project:
    """The project of this run of pytest, or of this worker of it."""
    if _PROJECT not in config.stash:
        run = getattr(config, "workerinput", {}).get("testrunuid")
        fail_on = frozenset(Outcome(word.upper()) for word in fail_on_words(config))
        project = Project(root, config.getoption("--nexiom-target"), fail_on, run and run[:12])
        config.stash[_PROJECT] = project
        config.add_cleanup(project.close)
    return config.stash[_PROJECT]


def collector(kind: str, root: Path, path: Path, parent: pytest.Collector) -> pytest.Collector:
    """The file as a collector; `kind` is phase, script or audit."""
    project = project_of(parent.config, root)
    name = path.relative_to(root).as_posix()
    kinds: dict[str, type[_File]] = {"phase": _PhaseFile, "script": _ScriptFile, "audit": _AuditFile}
    return kinds[kind].from_parent(parent, path=path, project=project, file=name)


class _File(pytest.File):
    """A file of the project. Its faults are told as ours, not as a traceback."""

    def __init__(self, *, project: Project, file: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.project = project
        self.file = file

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Its nodes. Raises CollectError with every fault of the project's files, which are read once."""
        nodes: list[pytest.Item | pytest.Collector] = []
        try:
            nodes += self.nodes() if self.project.trouble is None else ()
        except NexiomError as error:
            self.project.trouble = error
        if self.project.trouble is not None:
            raise self.CollectError("\n".join(map(describe, self.project.trouble.faults)))
        yield from nodes

    def nodes(self) -> Iterator[pytest.Item | pytest.Collector]:
        """What is in it."""
        return iter(())


class _PhaseFile(_File):
    def nodes(self) -> Iterator[pytest.Collector]:
        """A collector a function that is called."""
        if _LOOKS not in self.config.stash:
            self.config.stash[_LOOKS] = call_looks(self.project)
        looks = self.config.stash[_LOOKS].get(self.path.parent.name, ())
        for function in dict.fromkeys(look.function for look in looks):
            mine = [look for look in looks if look.function == function]
            yield _Function.from_parent(self, name=function, project=self.project, looks=mine)


class _Function(pytest.Collector):
    """The calls of one function."""

    def __init__(self, *, project: Project, looks: Sequence[Look], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.project = project
        self.looks = looks

    def collect(self) -> Iterator[pytest.Item]:
        """An item a call and role, and what is said of all calls together."""
        return (_item(self, self.project, look) for look in self.looks)


class _ScriptFile(_File):
    def nodes(self) -> Iterator[pytest.Item]:
        """An item an asserted statement, and one for what is said of the whole."""
        return (_item(self, self.project, look) for look in script_looks(self.project, self.file))


class _AuditFile(_File):
    def nodes(self) -> Iterator[pytest.Item]:
        """One item: which objects it examines, its rows say."""
        return (_item(self, self.project, look) for look in audited(self.project, self.file))


def _item(parent: pytest.Collector, project: Project, look: Look) -> "NexiomItem":
    item: NexiomItem = NexiomItem.from_parent(parent, name=look.name, project=project, look=look)
    if look.phase is not None:
        item.add_marker(pytest.mark.phase(name=look.phase))
    if look.role is not None:
        item.add_marker(pytest.mark.role(name=look.role))
    for tag in project.tags.get(look.phase or "", ()):
        item.add_marker(pytest.mark.tag(name=tag))
        _mark(item, tag)
    return item


def _mark(item: pytest.Item, tag: str) -> None:
    """A mark of the tag's own name, for `-m tag`; others by `-m "tag(name=…)"`."""
    if tag.startswith("_") or any(character in tag for character in "():, "):
        return
    line = f"{tag}: a tag of the project's phases"
    if line not in item.config.getini("markers"):
        item.config.addinivalue_line("markers", line)
    item.add_marker(getattr(pytest.mark, tag))


class NexiomItem(pytest.Item):
    """One check of the project."""

    def __init__(self, *, project: Project, look: Look, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.project = project
        self.look = look
        self.results: Sequence[Result] = ()

    def setup(self) -> None:
        """The project is built when the first item of a worker is set up. Raises NexiomError."""
        self.project.built()

    def runtest(self) -> None:
        """Look, and fail where the results do. Raises Failed."""
        self.results = tuple(self.look.at(self.project.built()))
        if fails(self.results, self.project.fail_on):
            raise Failed(self.results)

    def told_by_nexiom(self, report: pytest.TestReport) -> None:
        """Put into the report what the results say."""
        tell(report, self.results)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Our words, in the form of every error; a traceback for a fault of nexiom's alone."""
        if isinstance(excinfo.value, Failed):
            return str(excinfo.value)
        if isinstance(excinfo.value, NexiomError):
            return "\n".join(map(describe, excinfo.value.faults))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it is written."""
        place = self.look.place
        path = self.path if place is None else self.project.root / place.path
        return path, None if place is None else place.line - 1, self.look.name
