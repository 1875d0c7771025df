"""Shapes as JSON Schema."""

import json

from hypothesis import given
from shape_strategies import SHAPES

from nexiom_runner.shape.json_schema import DIALECT, to_json_schema


def test_an_object_is_closed_and_its_keys_are_required(read):
    assert to_json_schema(read("{a: int >= 0, b?: text len 1..64 | null}")) == {
        "$schema": DIALECT,
        "type": "object",
        "properties": {
            "a": {"type": "integer", "minimum": 0},
            "b": {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 64}, {"type": "null"}]},
        },
        "required": ["a"],
        "additionalProperties": False,
    }


def test_open_objects_and_other_keys(read):
    assert "additionalProperties" not in to_json_schema(read("{$open: true}"))
    assert to_json_schema(read("{<text>: uuid}"))["additionalProperties"] == {"type": "string", "format": "uuid"}


def test_arrays_constants_and_constraints(read):
    assert to_json_schema(read("{$items: 'number > 0 <= 0.5', $size: 1..50}")) == {
        "$schema": DIALECT,
        "type": "array",
        "items": {"type": "number", "exclusiveMinimum": 0, "maximum": 0.5},
        "minItems": 1,
        "maxItems": 50,
    }
    assert to_json_schema(read("[true | 3 | in(a b) | text ~ ^x | number 0..1]"))["items"] == {
        "anyOf": [
            {"const": True},
            {"const": 3},
            {"enum": ["a", "b"]},
            {"type": "string", "pattern": "^x"},
            {"type": "number", "minimum": 0, "maximum": 1},
        ]
    }


def test_pending_work_is_a_boolean(read):
    assert to_json_schema(read("[true else pending(owner=web until=2027-06-30)]"))["items"] == {
        "type": "boolean",
        "description": "pending while false: web, until 2027-06-30",
    }


@given(SHAPES)
def test_every_shape_has_a_schema_that_is_json(shape):
    schema = to_json_schema(shape)
    assert json.loads(json.dumps(schema)) == schema
