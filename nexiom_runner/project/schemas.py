"""JSON Schemas (2020-12) of the YAML files, made of the tables of keys they are read by."""

import json
from pathlib import Path

from nexiom_runner.project.checks import SQL_TEST_YML
from nexiom_runner.project.keys import Schema, Table, table_schema
from nexiom_runner.project.phases import PHASE_YML
from nexiom_runner.project.settings import NEXIOM_YML

FOLDER = Path(__file__).parents[1] / "schemas"

_FILES = (
    ("nexiom.json", "nexiom.yml", NEXIOM_YML),
    ("phase.json", "phase.yml of a phase", PHASE_YML),
    ("sql-test.json", "the .yml beside a script of tests/sql", SQL_TEST_YML),
)


def schemas() -> dict[str, str]:
    """The schema files by name, as they ship."""
    return {name: json.dumps(_schema(title, table), indent=2) + "\n" for name, title, table in _FILES}


def write_schemas(folder: Path = FOLDER) -> None:
    """Write them anew after a table has changed; a test holds that this was done."""
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema(title: str, table: Table) -> Schema:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **table_schema(table)}


if __name__ == "__main__":
    write_schemas()
