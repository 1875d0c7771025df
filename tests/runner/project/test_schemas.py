"""The JSON Schemas for editors say what the tables of keys say."""

import json

import pytest

from nexiom_runner.project.checks import SQL_TEST_YML, STATEMENT
from nexiom_runner.project.functions import FUNCTION
from nexiom_runner.project.phases import PHASE_YML
from nexiom_runner.project.schemas import FOLDER, schemas, write_schemas
from nexiom_runner.project.settings import NEXIOM_YML, TARGET


def shipped(name: str) -> dict:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_shipped_schemas_are_what_the_tables_make():
    found = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.json")}
    assert found == schemas(), "run python -m nexiom_runner.project.schemas"


def test_writing_them_again_changes_nothing(tmp_path):
    write_schemas(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"nexiom.json", "phase.json", "sql-test.json"}


def functions_schema() -> dict:
    expect = shipped("phase.json")["properties"]["expect"]["properties"]
    return expect["functions"]["additionalProperties"]["anyOf"][1]


@pytest.mark.parametrize(
    ("schema", "table"),
    [
        (shipped("nexiom.json"), NEXIOM_YML),
        (shipped("nexiom.json")["properties"]["targets"]["additionalProperties"], TARGET),
        (shipped("phase.json"), PHASE_YML),
        (functions_schema(), FUNCTION),
        (shipped("sql-test.json"), SQL_TEST_YML),
        (shipped("sql-test.json")["properties"]["statements"]["additionalProperties"], STATEMENT),
    ],
)
def test_a_schema_has_the_keys_of_its_table_and_no_others(schema, table):
    assert set(schema["properties"]) == {key.name for key in table.keys}
    assert schema["additionalProperties"] is False
    assert schema.get("required", []) == [key.name for key in table.keys if key.required]


def test_every_key_says_what_it_is_about():
    def keys(schema):
        if isinstance(schema, dict):
            yield from schema.get("properties", {}).items()
            for value in schema.values():
                yield from keys(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from keys(value)

    described = [key for name in schemas() for key in keys(shipped(name))]
    assert described
    assert all(schema["description"] for _, schema in described)


def test_schemas_are_of_draft_2020_12():
    assert {shipped(name)["$schema"] for name in schemas()} == {"https://json-schema.org/draft/2020-12/schema"}
