"""What may be stated is what is compared and what is written: no key of a kind is left out of a layer."""

import pytest

from nexiom_runner.audit.kinds.registry import KINDS, OF_FUNCTIONS, OF_TABLES
from nexiom_runner.contract.kinds import ITEMS, RELATION, ROUTINE, WRITERS
from nexiom_runner.project.kinds.functions import FUNCTION_KEYS
from nexiom_runner.project.kinds.sections import KINDS as STATED
from nexiom_runner.project.kinds.tables import TABLE_KEYS, VIEW_KEYS

ONE = {"constraints": "constraint", "triggers": "trigger", "policies": "policy"}
INTENT = {"headroom"}  # no property of the object, so nothing to write


@pytest.mark.parametrize("kind", STATED, ids=lambda kind: kind.kind)
def test_every_key_of_a_kind_is_compared_and_written(kind) -> None:
    keys = set(kind.keys.forms)
    writer = WRITERS[kind.kind]
    assert {ONE.get(key, key) for key in keys} == set(KINDS[kind.kind].attributes)
    assert keys - INTENT <= set(writer.keys) | set((writer.items or {}).values())
    assert writer.section == kind.section == KINDS[kind.kind].query


def test_every_key_of_tables_views_and_functions_is_compared_and_written() -> None:
    keys = {*TABLE_KEYS.forms, *VIEW_KEYS.forms}
    assert {ONE.get(key, key) for key in keys} == {key for key in OF_TABLES if not key.startswith("exactly")}
    assert keys == set(RELATION) | set(ITEMS) | {"column_grants"}
    assert set(FUNCTION_KEYS.forms) == set(OF_FUNCTIONS) == set(ROUTINE)
