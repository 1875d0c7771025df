"""Shapes read from YAML, as phase.yml is."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from nexiom_runner.errors import Fault, describe, with_source
from nexiom_runner.project.yaml import read_tree
from nexiom_runner.shape.grammar import parse_shape
from nexiom_runner.shape.model import Shape
from nexiom_runner.tree import Mapping

# A busy machine is no reason for a property to fail.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def read_shape(text: str, faults: list[Fault]) -> Shape:
    document = f"s: {text}"
    tree = read_tree(document, "phase.yml", faults)
    node = tree.get("s") if isinstance(tree, Mapping) else None
    assert node is not None
    found: list[Fault] = []
    shape = parse_shape(node, found)
    faults.extend(with_source(fault, document) for fault in found)
    return shape


@pytest.fixture
def read() -> Callable[[str], Shape]:
    """The shape of a YAML text, which has no fault; `s: ` stands before it."""

    def reader(text: str) -> Shape:
        faults: list[Fault] = []
        shape = read_shape(text, faults)
        assert faults == []
        return shape

    return reader


@pytest.fixture
def faults() -> Callable[[str], list[str]]:
    """The faults of a YAML text as they are printed."""

    def reader(text: str) -> list[str]:
        found: list[Fault] = []
        read_shape(text, found)
        return [describe(fault) for fault in found]

    return reader
