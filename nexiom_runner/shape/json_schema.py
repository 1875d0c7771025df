"""A shape as JSON Schema 2020-12, for tools that read no other form. It says less than the shape, never more.

What is lost: that 3 is not 3.0 (both are integers there), that pending work is waiting while it is false, conditions
over several keys, and what the database says of an enum or a domain.
Source: https://json-schema.org/draft/2020-12
"""

from typing import Any

from nexiom_runner.shape.model import (
    Array,
    Bound,
    Constraint,
    Either,
    Enum,
    Length,
    Literal,
    Live,
    Named,
    Object,
    Pattern,
    PendingTrue,
    Range,
    Shape,
    Type,
)
from nexiom_runner.shape.printing import short

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BOUNDS = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}
TYPES: dict[str, dict[str, Any]] = {
    "int": {"type": "integer"},
    "number": {"type": "number"},
    "text": {"type": "string"},
    "bool": {"type": "boolean"},
    "any": {},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "timestamptz": {"type": "string", "format": "date-time"},
}


def to_json_schema(shape: Shape) -> dict[str, Any]:
    """The schema of a whole value, its dialect named."""
    return {"$schema": DIALECT, **_schema(shape)}


def _schema(shape: Shape) -> dict[str, Any]:
    match shape:
        case Literal(text):
            return {"type": "null"} if text == "null" else {"const": _constant(text)}
        case Type(name, constraints):
            return TYPES[name] | {key: value for each in constraints for key, value in _constraint(each).items()}
        case Enum(values):
            return {"enum": list(values)}
        case PendingTrue(owner, until):
            due = f", until {until.isoformat()}" if until else ""
            return {"type": "boolean", "description": f"pending while false: {owner}{due}"}
        case Either(options):
            return {"anyOf": [_schema(option) for option in options]}
        case Array(items, least, most):
            return {"type": "array", "items": _schema(items), **_count("Items", least, most)}
        case Object():
            return _object(shape)
        case Named() | Live():
            return {"description": short(shape)}


def _object(shape: Object) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {key.name: _schema(key.shape) for key in shape.keys}
    schema["required"] = [key.name for key in shape.keys if not key.optional]
    if not shape.open:
        schema["additionalProperties"] = False if shape.others is None else _schema(shape.others)
    if shape.where:
        schema["description"] = " and ".join(one.text for one in shape.where)
    return schema


def _constraint(constraint: Constraint) -> dict[str, Any]:
    match constraint:
        case Bound(operator, limit):
            return {BOUNDS[operator]: _number(limit)}
        case Range(least, most):
            return {"minimum": _number(least), "maximum": _number(most)}
        case Length(least, most):
            return _count("Length", least, most)
        case Pattern(regex):
            return {"pattern": regex}


def _count(what: str, least: int, most: int | None) -> dict[str, Any]:
    return {f"min{what}": least} | ({} if most is None else {f"max{what}": most})


def _constant(text: str) -> bool | int | float:
    return text == "true" if text in ("true", "false") else _number(text)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
