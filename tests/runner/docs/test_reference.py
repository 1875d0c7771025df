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


def test_every_rule_has_its_page_and_no_page_is_left_of_another() -> None:
    names = {path.relative_to(DOCS / "reference").as_posix() for path in (DOCS / "reference/rules").iterdir()}
    assert names == {name for name in generator().PAGES if name.startswith("rules/")}


@pytest.mark.parametrize("name", generator().PAGES)
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    page = generator().PAGES[name]()
    assert (DOCS / "reference" / name).read_text("utf-8") == page, "run: python docs/generate.py"
