"""The reference pages say what the code does now."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[3] / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "keys.md"])
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    page = generator().PAGES[name]()
    assert (DOCS / "reference" / name).read_text("utf-8") == page, "run: python docs/generate.py"
