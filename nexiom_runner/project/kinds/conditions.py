"""`expect: holds:`: a sentence, and the SQL condition that is true while it holds."""

from nexiom_runner.project.grammar import is_balanced
from nexiom_runner.project.keys import Faults, Form, expected, mapping_of, read_text
from nexiom_runner.project.model import ObjectExpectation, Said
from nexiom_runner.tree import Node, Scalar

CONDITION = "condition"


def _read(key: Scalar, value: Node, where: str, faults: Faults) -> ObjectExpectation | None:
    text = read_text(value, where, faults)
    if text is None:
        return None
    if not text.value.strip() or not is_balanced(text.value):
        faults.append(expected(value, where, "a SQL condition with quotes that close and brackets that match"))
        return None
    return ObjectExpectation(CONDITION, "", key.text, key.place, said=(Said("holds", "", text.value, key.place),))


HOLDS = Form(mapping_of(_read, {"type": "string"}).read, {"type": "object", "additionalProperties": {"type": "string"}})
ABOUT = "By a sentence: the SQL condition that is true while it holds. Asked read-only."
