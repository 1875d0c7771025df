"""What is there before a call: `given:`, and the files of fixtures/ that it names."""

from pathlib import Path

from nexiom_runner.errors import Fault
from nexiom_runner.project.arguments import check_value
from nexiom_runner.project.calling import Rows
from nexiom_runner.project.csv import read_csv
from nexiom_runner.project.document import read_settings_file, told_with_lines
from nexiom_runner.project.files import list_folder, read_source
from nexiom_runner.project.keys import Faults, Form, Schema, expected, is_nothing
from nexiom_runner.project.kinds.kind import read_name
from nexiom_runner.project.model import Fixture, Given, Source, Text
from nexiom_runner.tree import Mapping, Node, Scalar, Sequence

FOLDER = "fixtures"
ENDINGS = (".sql", ".yml", ".csv")


def read_given(node: Node, where: str, faults: Faults) -> tuple[Given, ...] | None:
    """A file of fixtures/, rows by table, or a list of both; in the order written."""
    if isinstance(node, Sequence):
        return tuple(one for item in node.items for one in _read_one(item, where, faults))
    return tuple(_read_one(node, where, faults))


def read_fixtures(root: Path, faults: Faults) -> dict[str, Fixture]:
    """The files of fixtures/ by name. Other files are nobody's business."""
    found: dict[str, Fixture] = {}
    for entry in list_folder(root, FOLDER, faults):
        path = f"{FOLDER}/{entry.name}"
        if entry.name.endswith(".yaml"):
            faults.append(Fault(f'"{path}" is not read', hint=f'Rename it to "{path[:-5]}.yml".'))
        source = read_source(root, path, faults) if entry.name.endswith(ENDINGS) else None
        if source is not None:
            found[entry.name] = _read_file(source, faults)
    return found


def _read_file(source: Source, faults: Faults) -> Fixture:
    if source.path.endswith(".csv"):
        with told_with_lines(source, faults):
            return Fixture(source, lines=read_csv(source.text, source.path, faults))
    document = read_settings_file(source, faults) if source.path.endswith(".yml") else None
    if document is None:
        return Fixture(source)
    with told_with_lines(source, faults):
        return Fixture(source, tables=tuple(_read_tables(document, "", faults)))


def _read_one(node: Node, where: str, faults: Faults) -> list[Given]:
    if isinstance(node, Mapping):
        return [*_read_tables(node, where, faults)]
    if isinstance(node, Scalar) and not is_nothing(node):
        if node.text.endswith((".sql", ".yml")):
            return [Text(node.text, node.place)]
        hint = "Write NAME.sql or NAME.yml for a file, {TABLE: NAME.csv} for one of CSV, {TABLE: [ROW]} for rows."
        faults.append(expected(node, where, f"a file of {FOLDER}/, or rows by table", hint))
        return []
    faults.append(expected(node, where, f"a file of {FOLDER}/, or rows by table"))
    return []


def _read_tables(node: Node, where: str, faults: Faults) -> list[Rows]:
    if not isinstance(node, Mapping):
        faults.append(expected(node, where, "a mapping of rows by table"))
        return []
    found: list[Rows] = []
    for key, value in node.entries:
        path = f"{where}.{key.text}" if where else key.text
        name = read_name(key, path, faults)
        if name is not None:
            rows = _read_rows(name, key, value, path, faults)
            found.extend([rows] if rows is not None else [])
    return found


def _read_rows(name: tuple[str, str], key: Scalar, value: Node, where: str, faults: Faults) -> Rows | None:
    if isinstance(value, Scalar) and value.text.endswith(".csv"):
        return Rows(*name, key.place, file=value)
    if not isinstance(value, Sequence):
        hint = "Write [{COLUMN: VALUE}] for one row, or NAME.csv for a file."
        faults.append(expected(value, where, "a list of rows, or a file of CSV", hint))
        return None
    rows = []
    for item in value.items:
        if isinstance(item, Mapping):
            check_value(item, where, faults)
            rows.append(item)
        else:
            faults.append(expected(item, where, "a row: a mapping of values by column"))
    return Rows(*name, key.place, tuple(rows))


_ROW_SCHEMA = {"type": "object", "additionalProperties": {}}
_TABLES_SCHEMA: Schema = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [{"type": "string", "pattern": "\\.csv$"}, {"type": "array", "items": _ROW_SCHEMA}],
    },
}
_ONE_SCHEMA: Schema = {"anyOf": [{"type": "string", "pattern": "\\.(sql|yml)$"}, _TABLES_SCHEMA]}
GIVEN = Form(read_given, {"anyOf": [*_ONE_SCHEMA["anyOf"], {"type": "array", "items": _ONE_SCHEMA}]})
