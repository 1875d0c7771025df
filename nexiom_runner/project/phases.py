"""A folder of phases/: its name, its files, its phase.yml."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nexiom_runner.errors import Fault
from nexiom_runner.project.backfill import BACKFILL_KEY, refuse_without_file
from nexiom_runner.project.backfill import FILE as BACKFILL_SQL
from nexiom_runner.project.callers import USERS
from nexiom_runner.project.document import read_settings_file, told_with_lines
from nexiom_runner.project.files import list_folder, read_source, refuse_misnamed, sql_files
from nexiom_runner.project.fixtures import GIVEN
from nexiom_runner.project.functions import FUNCTIONS
from nexiom_runner.project.keys import (
    TEXT,
    Faults,
    Form,
    Key,
    Table,
    choice,
    list_of,
    matching,
    read_table,
    table_schema,
)
from nexiom_runner.project.kinds.sections import SECTIONS, objects_in
from nexiom_runner.project.limits import LIMIT_KEYS, limits_of
from nexiom_runner.project.model import Backfill, Phase, Source
from nexiom_runner.project.names import without_accents
from nexiom_runner.project.shapes import function_shapes, refuse_cut_shapes
from nexiom_runner.project.tables import TABLES, VIEWS
from nexiom_runner.tree import Node

FOLDER = "phases"
NAME = re.compile(r"([0-9]{1,18})([A-Za-z]?)_([A-Za-z0-9_-]+)")


def read_phase(root: Path, name: str, faults: Faults) -> Phase | None:
    """The phase in phases/NAME, None where its name is no phase's."""
    number = phase_number(name)
    if number is None:
        faults.append(_misnamed(name))
        return None
    path = f"{FOLDER}/{name}"
    files = _phase_files(root, path, faults)
    source = read_source(root, f"{path}/phase.yml", faults) if "phase.yml" in files else None
    values = _read_settings(source, faults)
    repeatables = _repeatables(root, path, faults) if "repeatable" in files else ()
    apply, revert, backfill = (
        read_source(root, f"{path}/{file}", faults) if file in files else None
        for file in ("apply.sql", "revert.sql", BACKFILL_SQL)
    )
    if not files & {"apply.sql", BACKFILL_SQL} and not repeatables:
        faults.append(_without_sql(name))
    refuse_without_file(values["backfill"], source, BACKFILL_SQL in files, faults)
    return Phase(
        name=name,
        number=number,
        path=path,
        title=values["title"].value if values["title"] else name.split("_", 1)[1].replace("_", " "),
        owner=values["owner"].value if values["owner"] else None,
        tags=tuple(tag.value for tag in values["tags"]),
        needs=values["needs"],
        renamed_from=values["renamed_from"],
        apply=apply,
        repeatables=repeatables,
        revert=revert,
        tables=values["expect"]["tables"] + values["expect"]["views"],
        functions=values["expect"]["functions"],
        objects=objects_in(values["expect"]),
        settings=source,
        limits=limits_of(values),
        destructive=values["destructive"],
        existing=values["existing"],
        users=values["users"],
        given=values["given"],
        backfill=backfill,
        pace=values["backfill"] or Backfill(),
    )


def phase_number(name: str) -> tuple[int, str] | None:
    """`04b_settings` is (4, "b"), which orders as people read; None where the name is no phase's."""
    found = NAME.fullmatch(name)
    return (int(found[1]), found[2].lower()) if found else None


def refuse_same_number(phases: Iterable[Phase], faults: Faults) -> None:
    """Faults for phases of one number and letter: `4_x` and `04_x`, `13_a` and `13_b` have no order of their own."""
    first: dict[tuple[int, str], Phase] = {}
    for phase in phases:
        before = first.setdefault(phase.number, phase)
        if before is not phase:
            faults.append(_same_number(before, phase))


def _same_number(before: Phase, phase: Phase) -> Fault:
    number = f"{phase.number[0]}{phase.number[1]}"
    message = f'phases "{before.name}" and "{phase.name}" have the same number {number}'
    if _title(before.name) == _title(phase.name):
        message = f'phases "{before.name}" and "{phase.name}" are the same name twice'
    hint = f"Give one of them another number; `renamed_from: {phase.name}` in its phase.yml keeps its history."
    return Fault(message, hint=hint)


def _title(name: str) -> str:
    return name.split("_", 1)[1].casefold()


def _misnamed(name: str) -> Fault:
    words = re.sub(r"[^A-Za-z0-9]+", "_", without_accents(name)).strip("_") or "name"
    found = re.match(r"[0-9]+[A-Za-z]?(?=_)", words)
    example = words if found else f"12_{words.lstrip('0123456789_') or 'name'}"
    detail = 'A phase is named by a number, an optional letter and a name of letters, digits, "_" and "-".'
    hint = f'Rename it, for example to "{example}".'
    return Fault(f'"{FOLDER}/{name}" is no name of a phase', detail=detail, hint=hint)


def _without_sql(name: str) -> Fault:
    hint = (
        f"Write {FOLDER}/{name}/apply.sql, which runs once, or {FOLDER}/{name}/repeatable/NAME.sql, "
        "which runs again when it changes."
    )
    return Fault(f'phase "{name}" has no SQL', hint=hint)


def _phase_files(root: Path, path: str, faults: Faults) -> frozenset[str]:
    """The files of a phase that mean something; a fault for each that looks as if it should."""
    found = set()
    for entry in list_folder(root, path, faults):
        if entry.name not in _FILES:
            refuse_misnamed(entry, path, _FILES, faults)
        elif entry.is_dir() != (entry.name == "repeatable"):
            kind = "a file" if entry.name == "repeatable" else "a folder"
            faults.append(Fault(f'"{path}/{entry.name}" is {kind}'))
        else:
            found.add(entry.name)
    return frozenset(found)


def _repeatables(root: Path, path: str, faults: Faults) -> tuple[Source, ...]:
    files = sql_files(root, f"{path}/repeatable", faults)
    read = [read_source(root, file, faults) for file in files]
    return tuple(source for source in read if source is not None)


def _read_settings(source: Source | None, faults: Faults) -> dict[str, Any]:
    document = read_settings_file(source, faults)
    if source is None or document is None:
        return dict(PHASE_YML.defaults)
    with told_with_lines(source, faults):
        refuse_cut_shapes(function_shapes(document), source.text, faults)
        return read_table(document, PHASE_YML, "", faults)


def _read_expect(node: Node, where: str, faults: Faults) -> dict[str, Any]:
    return read_table(node, EXPECT, where, faults)


_PHASE = matching(NAME.pattern, "the name of a phase, as in 12_pipeline_runner")
_FILES = ("apply.sql", BACKFILL_SQL, "phase.yml", "repeatable", "revert.sql")

EXPECT = Table(
    (
        Key("tables", TABLES, "Tables by name, and what must be so of each.", default=()),
        Key("views", VIEWS, "Views and materialized views by name, and what must be so of each.", default=()),
        Key("functions", FUNCTIONS, "Functions by name, and what must be so of each.", default=()),
        *SECTIONS,
    )
)

PHASE_YML = Table(
    (
        Key("title", TEXT, "What the phase brings, in a few words."),
        Key("owner", TEXT, "Who answers for it."),
        Key("tags", list_of(matching("[A-Za-z0-9_-]+", "a word")), "Words for --select tag:WORD.", default=()),
        Key("needs", list_of(TEXT), "Phases that must run before it, where numbers do not say so.", default=()),
        Key("renamed_from", _PHASE, "The name it had before, whose history it keeps."),
        Key("destructive", TEXT, "Why it may drop, truncate or delete data on a protected target."),
        *LIMIT_KEYS,
        Key("users", USERS, "Who calls, by a name that `as` and `matrix` of any phase may say.", default=()),
        Key("given", GIVEN, "What is there before each call of this phase, written as in a call.", default=()),
        Key("existing", choice("accept"), "`create table if not exists` may meet a table with other columns."),
        BACKFILL_KEY,
        Key(
            "expect",
            Form(_read_expect, table_schema(EXPECT)),
            "What must be so of the database once it is applied, until a later phase says otherwise.",
            default=EXPECT.defaults,
        ),
    )
)
