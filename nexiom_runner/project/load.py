"""A project's folder as data, or everything that is wrong with it at once."""

from pathlib import Path
from typing import Any

from nexiom_runner.errors import Fault, Place, ProjectError
from nexiom_runner.project.checks import read_audits, read_sql_tests
from nexiom_runner.project.document import read_settings_file, told_with_lines
from nexiom_runner.project.files import list_folder, read_source, sql_files
from nexiom_runner.project.fixtures import read_fixtures
from nexiom_runner.project.model import Phase, Project, Source
from nexiom_runner.project.named_shapes import NamedShapes
from nexiom_runner.project.phases import FOLDER, read_phase, refuse_same_number
from nexiom_runner.project.references import check_references
from nexiom_runner.project.settings import FILE, read_settings
from nexiom_runner.project.shapes import named_shapes, refuse_cut_shapes
from nexiom_runner.tree import Mapping, Scalar

MACROS = "macros"

_NOWHERE = Place(FILE, 1)


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upward that holds nexiom.yml. Raises ProjectError naming all looked in."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise ProjectError(_no_settings(start, above=True))


def load_project(root: Path) -> Project:
    """Everything on disk under `root`, checked; reads files alone. Raises ProjectError with every fault found."""
    root = root.absolute()
    if not (root / FILE).exists():
        raise ProjectError(_no_settings(root, above=False))
    faults: list[Fault] = []
    source = read_source(root, FILE, faults)
    settings = _settings(source, faults)
    settings_stand = not faults
    named = settings.pop("shapes")
    shapes = NamedShapes(named, source or Source(FILE, "", ""), settings["targets"], faults)
    phases = tuple(map(shapes.phase, _phases(root, faults)))
    project = Project(
        root=str(root),
        settings=source or Source(FILE, "", ""),
        phases=phases,
        audits=read_audits(root, faults),
        sql_tests=tuple(map(shapes.test, read_sql_tests(root, faults))),
        macros=_macros(root, faults),
        fixtures=read_fixtures(root, faults),
        **settings,
    )
    check_references(project, faults, settings_stand=settings_stand)
    if faults:
        raise ProjectError(*faults)
    return project


def _settings(source: Source | None, faults: list[Fault]) -> dict[str, Any]:
    document = read_settings_file(source, faults)
    if source is None or document is None:
        return read_settings(Mapping(((Scalar("name", _NOWHERE), Scalar("-", _NOWHERE)),), _NOWHERE), [])
    with told_with_lines(source, faults):
        refuse_cut_shapes(named_shapes(document), source.text, faults)
        return read_settings(document, faults)


def _phases(root: Path, faults: list[Fault]) -> tuple[Phase, ...]:
    """In natural order: 2 before 10, 04 before 04b."""
    read = []
    for entry in list_folder(root, FOLDER, faults):
        if entry.is_dir():
            read.append(read_phase(root, entry.name, faults))
        elif entry.name.lower().endswith(".sql"):
            hint = f'Move it to "{FOLDER}/{entry.name[:-4]}/apply.sql".'
            faults.append(Fault(f'"{FOLDER}/{entry.name}" is a file; a phase is a folder', hint=hint))
    phases = sorted((phase for phase in read if phase is not None), key=lambda phase: (phase.number, phase.name))
    refuse_same_number(phases, faults)
    return tuple(phases)


def _macros(root: Path, faults: list[Fault]) -> tuple[Source, ...]:
    read = (read_source(root, path, faults) for path in sql_files(root, MACROS, faults))
    return tuple(source for source in read if source is not None)


def _no_settings(start: Path, *, above: bool) -> Fault:
    if (start / "nexiom.yaml").exists():
        return Fault(f'no {FILE} in "{start}"', hint=f"Rename nexiom.yaml to {FILE}.")
    looked = [str(folder) for folder in (start, *(start.parents if above else ()))]
    where = " or a folder above it" if above else ""
    return Fault(
        f'no {FILE} in "{start}"{where}',
        detail=f"Looked in {', '.join(looked)}.",
        hint="Begin a project here with `nexiom init`, or name its folder with --project-dir.",
    )
